"""Turn what services read into the texts, links and drawings of the page's templates."""
