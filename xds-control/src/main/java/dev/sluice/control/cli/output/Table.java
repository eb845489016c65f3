package dev.sluice.control.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prints rows under titles, as wide as they need, two blanks apart. */
final class Table {
    private Table() {}

    static <R> void print(PrintWriter out, List<Column<R>> columns, List<R> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::title).toList());
        for (R row : rows) {
            lines.add(columns.stream().map(column -> column.value().apply(row)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        lines.forEach(line -> out.println(aligned(line, widths)));
        out.flush();
    }

    private static String aligned(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            char[] padding = new char[widths[i] - line.get(i).length() + 2];
            Arrays.fill(padding, ' ');
            text.append(line.get(i)).append(padding);
        }
        return text.toString().stripTrailing();
    }
}
