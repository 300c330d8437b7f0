"""A second solver for small programs, in fractions: no rounding, no tolerance, none of the code under test.

Equations A x = b with x >= 0; the textbook's two-phase tableau with the rule of Bland (first column, first row), which ends.
"""

from fractions import Fraction


class Exact:
    """The answers of ``A x = b, x >= 0`` (whole numbers or fractions); ``most`` of a sum of columns, None where it has no end."""

    def __init__(self, rows: list[list[int]], side: list[Fraction]):
        self.width = len(rows[0])
        flipped = [(-1 if b < 0 else 1, row, b) for row, b in zip(rows, side, strict=True)]
        count = len(rows)
        self.body = [
            [Fraction(sign * a) for a in row] + [Fraction(int(at == i)) for i in range(count)] + [sign * Fraction(b)]
            for at, (sign, row, b) in enumerate(flipped)
        ]
        self.basis = [self.width + at for at in range(count)]
        assert self._climb([Fraction(0)] * self.width + [Fraction(-1)] * count, self.width + count) == 0, "no answer"
        for at in range(count):  # an artificial that is left stands at 0: out with it, or with an equation that says nothing new
            if self.basis[at] >= self.width:
                column = next((j for j in range(self.width) if self.body[at][j]), None)
                if column is not None:
                    self._pivot(at, column)
        keep = [at for at in range(count) if self.basis[at] < self.width]
        self.body = [self.body[at][: self.width] + self.body[at][-1:] for at in keep]
        self.basis = [self.basis[at] for at in keep]

    def most(self, columns: list[int], sign: int = 1) -> Fraction | None:
        """The most of the sum of these columns (with ``sign`` -1: of its negative)."""
        return self._climb([Fraction(sign * (j in columns)) for j in range(self.width)], self.width)

    def least(self, columns: list[int]) -> Fraction:
        """The least of the sum of these columns; there is one, as nothing is below 0."""
        found = self.most(columns, -1)
        assert found is not None
        return -found

    def _climb(self, gain: list[Fraction], width: int) -> Fraction | None:
        while True:
            prices = [gain[j] for j in self.basis]
            enter = next(
                (j for j in range(width) if gain[j] > sum(p * row[j] for p, row in zip(prices, self.body, strict=True))), None
            )
            if enter is None:
                return sum((p * row[-1] for p, row in zip(prices, self.body, strict=True)), Fraction(0))
            ratios = [(row[-1] / row[enter], self.basis[at], at) for at, row in enumerate(self.body) if row[enter] > 0]
            if not ratios:
                return None
            self._pivot(min(ratios)[2], enter)

    def _pivot(self, at: int, column: int) -> None:
        by = self.body[at][column]
        self.body[at] = [a / by for a in self.body[at]]
        for other, row in enumerate(self.body):
            if other != at and row[column]:
                times = row[column]
                self.body[other] = [a - times * b for a, b in zip(row, self.body[at], strict=True)]
        self.basis[at] = column
