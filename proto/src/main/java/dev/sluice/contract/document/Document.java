package dev.sluice.contract.document;

import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import java.util.List;

/**
 * A message that was read from a document, and where its parts stood there. Immutable.
 *
 * @param message what was read
 * @param places where each path stood
 */
public record Document<M extends Message>(M message, Places places) {

    /**
     * The same problems, found in the message under its own paths, with the line and column of each
     * in front of its path, in the order of the document.
     */
    public List<Problem> locate(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Located(problem, places.of(problem.path())))
                .sorted(Located.IN_DOCUMENT_ORDER)
                .map(Located::problem)
                .toList();
    }

    private record Located(Problem bare, Place place) {
        static final java.util.Comparator<Located> IN_DOCUMENT_ORDER =
                java.util.Comparator.<Located>comparingInt(at -> at.place().line())
                        .thenComparingInt(at -> at.place().column());

        Problem problem() {
            return new Problem(
                    Findings.located(place, bare.path()),
                    bare.got(),
                    bare.expected(),
                    bare.remedy());
        }
    }
}
