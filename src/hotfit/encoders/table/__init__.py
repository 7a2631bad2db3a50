"""The feature pipeline of tables: rows of raw cells in, numbers and category codes out.

Fitted on the rows it is given and on nothing else, and never on their answers, so that held-out
scores over its output are honest. One module a kind of column; `encoder` puts them side by side.
"""

from hotfit.encoders.table.encoder import FittedTableEncoder, TableEncoder

__all__ = ["FittedTableEncoder", "TableEncoder"]
