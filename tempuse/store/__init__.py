"""The store: SQLAlchemy Core over a GeoPackage file or PostGIS, one file of queries per noun."""
