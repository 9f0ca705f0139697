"""The station's database: engine, tables, maintenance, dump and backup."""
