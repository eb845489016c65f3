package dev.sluice.proxy.snapshot.filter;

/**
 * A tap filter (Envoy {@code Tap}). Immutable.
 *
 * @param source who says what is recorded
 * @param facts what is recorded beside the messages
 */
public record TapFilterSpec(Source source, Facts facts) {
    /** Who says what is recorded. */
    public sealed interface Source {
        /** The configuration. */
        record Fixed(TapSpec tap) implements Source {}

        /**
         * A client of {@code /tap}, as long as it stays.
         *
         * @param id by which it names the filter
         */
        record Attached(String id) implements Source {}
    }

    /**
     * What is recorded beside the messages, where they are told as a whole.
     *
     * @param times when the heads came
     * @param downstream the client's connection
     * @param upstream the endpoint of the last attempt
     */
    public record Facts(boolean times, boolean downstream, boolean upstream) {
        /** Nothing. */
        public static final Facts NONE = new Facts(false, false, false);
    }
}
