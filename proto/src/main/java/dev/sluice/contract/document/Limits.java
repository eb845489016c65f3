package dev.sluice.contract.document;

/**
 * What one document may cost its reader. Immutable.
 *
 * @param characters longest text, in UTF-16 units
 * @param depth deepest nesting of mappings and sequences
 * @param nodes most nodes after every alias is put in the place of its anchor
 * @param problems most problems that are listed; one more says that there are others
 */
public record Limits(int characters, int depth, long nodes, int problems) {
    /** 8 Mi characters, 100 levels, a million nodes, 1,000 problems. */
    public static final Limits STANDARD = new Limits(8 << 20, 100, 1_000_000, 1_000);

    public Limits {
        if (characters < 1 || depth < 1 || nodes < 1 || problems < 1) {
            throw new IllegalArgumentException(
                    "limits: %d, %d, %d, %d (expected: each >= 1)"
                            .formatted(characters, depth, nodes, problems));
        }
    }
}
