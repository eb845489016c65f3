package dev.sluice.control.query;

import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.spec.QueryCriterion;
import java.time.Duration;
import java.util.Locale;

/** Queries with their places filled in; nothing that goes there can end a string. Stateless. */
final class QueryText {
    private QueryText() {}

    /**
     * @param window how far to look back
     */
    static String of(QueryCriterion criterion, Gate gate, Arm arm, Duration window) {
        String cluster = gate.cluster(arm);
        String version =
                VersionName.parse(cluster).toOptional().map(VersionName::id).orElse(cluster);
        return criterion
                .query()
                .replace(QueryCriterion.ARM, arm.name().toLowerCase(Locale.ROOT))
                .replace(QueryCriterion.VERSION, escaped(version))
                .replace(QueryCriterion.CLUSTER, escaped(cluster))
                .replace(QueryCriterion.GATE, gate.name().id())
                .replace(QueryCriterion.WINDOW, window.toSeconds() + "s");
    }

    /** Clusters of other management servers have names of any kind. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("'", "\\'")
                .replace("`", "")
                .replace("\n", "\\n");
    }
}
