package dev.sluice.contract.document;

import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with one document, up to a number; each path stands behind its place, as
 * in {@code proxy.yaml:3:5 admin.address}. For one thread.
 */
final class Findings {
    private final int most;
    private final List<Problem> problems = new ArrayList<>();

    Findings(int most) {
        this.most = most;
    }

    void add(String path, Place place, String got, String expected, String remedy) {
        if (problems.size() < most) {
            problems.add(new Problem(located(place, path), got, expected, remedy));
        } else if (problems.size() == most) {
            problems.add(
                    new Problem(
                            located(place, path),
                            "more than " + most + " problems",
                            "a document with fewer",
                            "correct the first ones, then read it again"));
        }
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    static String located(Place place, String path) {
        if (place.equals(Place.NONE)) {
            return path;
        }
        return path.isEmpty() ? place.toString() : place + " " + path;
    }
}
