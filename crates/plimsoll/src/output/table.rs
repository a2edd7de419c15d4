//! Tables that fit 80 columns.

use comfy_table::{
    Cell, CellAlignment, ContentArrangement, LineStyle, Row, Table as Grid, TableStyle,
};

use super::WIDTH;

/// One rule below the titles, and nothing else to distract from the numbers.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Where a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table for people.
#[derive(Debug)]
pub struct Table {
    grid: Grid,
    aligns: Vec<Align>,
}

impl Table {
    /// A table with these columns and no row yet.
    pub fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Align)>) -> Self {
        let (titles, aligns): (Vec<&str>, Vec<Align>) = columns.into_iter().unzip();
        let mut grid = grid();
        grid.set_header(cells(titles.iter().map(|title| (*title).to_owned()), &aligns));
        narrow(&mut grid);
        Self { grid, aligns }
    }

    /// A table without titles: what something is on the left, its value on the right.
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut table = Self { grid: grid(), aligns: vec![Align::Left, Align::Left] };
        for (name, value) in pairs {
            table.row([name.to_owned(), value]);
        }
        table
    }

    /// Appends a row.
    pub fn row(&mut self, values: impl IntoIterator<Item = String>) -> &mut Self {
        let row = cells(values, &self.aligns);
        self.grid.add_row(row);
        narrow(&mut self.grid);
        self
    }

    /// The lines, each ended; long texts are broken so that no line is longer than 80 characters.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for line in self.grid.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn grid() -> Grid {
    let mut grid = Grid::new();
    grid.load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH as u16);
    grid
}

/// Leaves two blanks between columns: one behind a cell, and the grid's own.
fn narrow(grid: &mut Grid) {
    for column in grid.column_iter_mut() {
        column.set_padding((0, 1));
    }
}

fn cells(values: impl IntoIterator<Item = String>, aligns: &[Align]) -> Row {
    let aligned = values.into_iter().zip(aligns).map(|(value, align)| {
        Cell::new(value).set_alignment(match align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        })
    });
    Row::from(aligned.collect::<Vec<Cell>>())
}

#[cfg(test)]
mod tests {
    use super::{Align, Table};

    #[test]
    fn numbers_stand_right() {
        let mut table = Table::new([("symbol", Align::Left), ("bars", Align::Right)]);
        table
            .row(["AAPL".to_owned(), "5".to_owned()])
            .row(["^GSPC".to_owned(), "1,234".to_owned()]);
        assert_eq!(table.render(), "symbol   bars\n──────────────\nAAPL        5\n^GSPC   1,234\n");
    }

    #[test]
    fn pairs_have_no_titles() {
        let table = Table::of_pairs([("version", "1".to_owned()), ("data", "here".to_owned())]);
        assert_eq!(table.render(), "version  1\ndata     here\n");
    }

    #[test]
    fn long_texts_are_broken() {
        let mut table = Table::new([("name", Align::Left), ("what", Align::Left)]);
        table.row(["a".repeat(30), "many words ".repeat(40)]);
        let text = table.render();
        assert!(text.lines().count() > 5, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
