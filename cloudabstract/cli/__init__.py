"""The command line: a thin layer over `cloudabstract.Stack`, for people and for scripts.

    main.py       the program: a group whose commands are imported when they are run
    table.py      which commands there are; one module for each under commands/
    running.py    exit codes, and how every error is told
    options.py    options that commands share; verb.py what all commands have
    render/       values to text, without a word about commands

Data goes to standard output, everything else to standard error. With `-o json` standard output
holds exactly one JSON document, also when something fails.
"""
