"""The desk: pages on which officers read what has come. `areas.AREAS` lists what there is."""
