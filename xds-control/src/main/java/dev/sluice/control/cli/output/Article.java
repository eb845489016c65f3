package dev.sluice.control.cli.output;

import java.util.List;

/**
 * A text for people, apart from how it is written down. Immutable.
 *
 * @param title one line
 */
public record Article(String title, List<Block> blocks) {
    public Article {
        blocks = List.copyOf(blocks);
    }

    /** A part of it; texts are plain, whatever characters they have. */
    public sealed interface Block {
        record Heading(String text) implements Block {}

        record Paragraph(String text) implements Block {}

        /**
         * A table.
         *
         * @param rows each of as many cells as there are columns
         */
        record Grid(List<String> columns, List<List<String>> rows) implements Block {
            public Grid {
                columns = List.copyOf(columns);
                rows = rows.stream().map(List::copyOf).toList();
            }
        }

        /** A diagram in the language of Mermaid. */
        record Diagram(String mermaid) implements Block {}
    }

    /** As Markdown with tables, which shows Mermaid in fenced blocks. */
    public String markdown() {
        var text = new StringBuilder("# ").append(marked(title)).append('\n');
        for (Block block : blocks) {
            text.append('\n');
            switch (block) {
                case Block.Heading(var heading) ->
                        text.append("## ").append(marked(heading)).append('\n');
                case Block.Paragraph(var paragraph) -> text.append(marked(paragraph)).append('\n');
                case Block.Grid(var columns, var rows) -> {
                    row(columns, text);
                    row(columns.stream().map(_ -> "---").toList(), text);
                    rows.forEach(row -> row(row.stream().map(Article::marked).toList(), text));
                }
                case Block.Diagram(var mermaid) ->
                        text.append("```mermaid\n").append(mermaid).append("```\n");
            }
        }
        return text.toString();
    }

    /** As one HTML page that loads nothing; a diagram is its source, for a reader of Mermaid. */
    public String html() {
        var text =
                new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
                        .append(element("title", title))
                        .append(
                                "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}")
                        .append("td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left}")
                        .append("table{border-collapse:collapse}</style>\n")
                        .append(element("h1", title));
        for (Block block : blocks) {
            switch (block) {
                case Block.Heading(var heading) -> text.append(element("h2", heading));
                case Block.Paragraph(var paragraph) -> text.append(element("p", paragraph));
                case Block.Grid(var columns, var rows) -> {
                    text.append("<table>\n<tr>");
                    columns.forEach(column -> text.append(element("th", column).strip()));
                    text.append("</tr>\n");
                    for (List<String> row : rows) {
                        text.append("<tr>");
                        row.forEach(cell -> text.append(element("td", cell).strip()));
                        text.append("</tr>\n");
                    }
                    text.append("</table>\n");
                }
                case Block.Diagram(var mermaid) ->
                        text.append("<pre class=\"mermaid\">\n")
                                .append(escaped(mermaid))
                                .append("</pre>\n");
            }
        }
        return text.append("</html>\n").toString();
    }

    private static void row(List<String> cells, StringBuilder text) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Nothing in it is read as a mark, a tag, a cell or another line. */
    private static String marked(String text) {
        return escaped(text.replaceAll("\\s+", " ").strip())
                .replaceAll("([\\\\`*_\\[\\]|#])", "\\\\$1");
    }

    private static String element(String name, String text) {
        return "<" + name + ">" + escaped(text) + "</" + name + ">\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
