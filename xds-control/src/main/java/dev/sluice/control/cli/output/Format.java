package dev.sluice.control.cli.output;

/** How results are printed; the words are what people type. */
public enum Format {
    /** Aligned columns, for reading; what they hold may change between versions. */
    table,
    /**
     * JSON with the contract's field names, one document; when watching, one line for each change.
     */
    json,
    /** YAML with the contract's field names, which {@code apply -f} reads back. */
    yaml
}
