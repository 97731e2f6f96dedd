"""Read files of every file format into one model: lines of text and grids of cells, each with its location."""
