package dev.sluice.proxy.resource;

import java.util.List;
import java.util.Map;

/**
 * What a management server sent, as people may want to see it. Immutable.
 *
 * @param accepted what is held
 * @param refused what was refused and not accepted since
 * @param versions of the last answer that was accepted, by type URL
 * @param answers of the server, by type URL
 */
public record SentConfiguration(
        List<SentResource> accepted,
        List<RefusedResource> refused,
        Map<String, String> versions,
        Map<String, Answers> answers) {
    /** Nothing was sent. */
    public static final SentConfiguration NONE =
            new SentConfiguration(List.of(), List.of(), Map.of(), Map.of());

    public SentConfiguration {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        versions = Map.copyOf(versions);
        answers = Map.copyOf(answers);
    }

    /** What became of the answers of one kind, since the start. */
    public record Answers(long accepted, long refused) {
        /** None came. */
        public static final Answers NONE = new Answers(0, 0);
    }
}
