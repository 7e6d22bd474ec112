"""The report as a spreadsheet: real dates and lengths, filters, and shares that are live formulas over the rows."""

from slaaudit.report.xlsx.workbook import write_workbook

__all__ = ["write_workbook"]
