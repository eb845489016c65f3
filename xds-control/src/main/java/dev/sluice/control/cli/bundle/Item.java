package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.Document;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.Updated;
import java.util.List;

/**
 * One resource of a file. Immutable.
 *
 * @param document the resource, and where each field of it stands
 */
record Item<R extends Message>(Updated<R> kind, Document<R> document) {
    R resource() {
        return document.message();
    }

    String name() {
        return Resource.name(resource());
    }

    /** Where its name stands: {@code shop.yaml:3:7}. */
    String place() {
        return document.places().of("name").toString();
    }

    /** Where a field stands, and its path: {@code shop.yaml:4:9 judge.baseline}. */
    String place(String path) {
        return document.places().of(path) + " " + path;
    }

    /** A problem of one field, in front of it where that stands. */
    Problem problem(String path, String got, String expected, String remedy) {
        return document.locate(List.of(new Problem(path, got, expected, remedy))).getFirst();
    }
}
