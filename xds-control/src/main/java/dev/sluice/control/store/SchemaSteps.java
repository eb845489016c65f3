package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.StoreException;
import java.util.List;

/**
 * How the tables of a store came to be: numbered steps, each run once, in order. A step only adds,
 * so that a control plane of the version before goes on writing while the next one is rolled out.
 * Steps are never changed once released. Immutable.
 *
 * @param steps statements of each step; the first one makes version 1
 */
record SchemaSteps(List<List<String>> steps) {
    SchemaSteps {
        steps = steps.stream().map(List::copyOf).toList();
    }

    /** The version that this program makes and knows. */
    int newest() {
        return steps.size();
    }

    /**
     * The statements that bring tables of a version to {@link #newest()}; none when they are there.
     *
     * @param place file or address, for people
     * @param version 0 for a store without tables
     * @throws StoreException when a later program has made the tables
     */
    List<String> after(String place, int version) {
        if (version > newest()) {
            throw new StoreException(
                    new Problem(
                            place,
                            "schema version " + version,
                            "schema version 0.." + newest(),
                            "use the program that upgraded it, or a later one; nothing was changed"));
        }
        return steps.subList(version, newest()).stream().flatMap(List::stream).toList();
    }
}
