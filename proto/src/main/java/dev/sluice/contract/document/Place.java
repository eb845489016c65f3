package dev.sluice.contract.document;

/**
 * A place in a document. Immutable.
 *
 * @param source name of the document, such as a file name
 * @param line from 1; 0 when the document has no lines (a message that came over the wire)
 * @param column from 1, in code points; 0 when the document has no lines
 */
public record Place(String source, int line, int column) {
    /** No document at all: paths stand alone. */
    public static final Place NONE = new Place("", 0, 0);

    /** The whole of a document that has no lines. */
    public static Place whole(String source) {
        return new Place(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
