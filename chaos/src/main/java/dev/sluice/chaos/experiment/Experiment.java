package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an experiment file says. Immutable.
 *
 * @param configuration variables by name: a literal, or an object that says where the value comes
 *     from ({@code {"type": "env", …}})
 * @param secrets groups of variables by name, each entry as in {@code configuration}
 * @param hypothesis the steady state; empty when the file has none
 * @param method what is done, in order; may be empty
 * @param rollbacks what takes it back, in the order of the file
 * @param rollbackStrategy when the {@code ctk} profile runs the rollbacks
 * @param hypothesisStrategy when the {@code ctk} profile asks for the steady state
 * @param settings our own fields
 * @param notices what is accepted without effect, each with its place
 * @param source the whole file, as the journal repeats it
 * @param places where each path of it stands
 */
public record Experiment(
        String title,
        String description,
        List<String> tags,
        Map<String, JsonNode> configuration,
        Map<String, Map<String, JsonNode>> secrets,
        Optional<Hypothesis> hypothesis,
        List<Activity> method,
        List<Activity> rollbacks,
        String rollbackStrategy,
        String hypothesisStrategy,
        Settings settings,
        List<String> notices,
        JsonNode source,
        Source places) {
    /** Words for when the {@code ctk} profile runs the rollbacks. */
    public static final List<String> ROLLBACK_STRATEGIES =
            List.of("default", "always", "never", "deviated");

    /** Words for when the {@code ctk} profile asks for the steady state. */
    public static final List<String> HYPOTHESIS_STRATEGIES =
            List.of(
                    "default",
                    "before-method-only",
                    "after-method-only",
                    "during-method-only",
                    "continuously",
                    "skip");

    public Experiment {
        tags = List.copyOf(tags);
        method = List.copyOf(method);
        rollbacks = List.copyOf(rollbacks);
        notices = List.copyOf(notices);
    }

    /** The same experiment with other words for the {@code ctk} profile. */
    public Experiment withStrategies(String forRollbacks, String forHypothesis) {
        return new Experiment(
                title,
                description,
                tags,
                configuration,
                secrets,
                hypothesis,
                method,
                rollbacks,
                forRollbacks,
                forHypothesis,
                settings,
                notices,
                source,
                places);
    }

    /** The steady state: all probes meet their tolerances. */
    public record Hypothesis(String title, List<Activity> probes) {
        public Hypothesis {
            probes = List.copyOf(probes);
        }
    }
}
