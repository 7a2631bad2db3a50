"""Read labelled examples: a file, standard input or values in memory enter, samples leave.

`source` opens and recognises, `columns` tells what a column holds, `plan` guesses what is asked
and says the guess, `samples` reads batches of `Sample`. Imports `types` and `errors` only.
"""
