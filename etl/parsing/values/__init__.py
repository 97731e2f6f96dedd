"""Read the values of cells: numbers, words with a meaning, contact data to be masked."""
