"""The real omk is the judge: generated goal states, decided by omk and by the product, compared byte for byte."""
