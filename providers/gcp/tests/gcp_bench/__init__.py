"""What the tests of provider gcp share: an emulated world, a wire to it, a harness."""
