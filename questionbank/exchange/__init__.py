"""Items in and out: XLSX and CSV sheets, QTI 2.1 and 3.0, single files and packages."""
