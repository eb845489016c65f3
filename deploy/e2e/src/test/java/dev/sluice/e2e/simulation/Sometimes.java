package dev.sluice.e2e.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was met at least sometimes: a suite of runs that never met one of these proves nothing about
 * it. Used by one thread.
 */
final class Sometimes {
    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    /** What a suite of runs must meet. */
    enum Event {
        FALLBACK,
        TRIP,
        KILL_OBEYED,
        KILLED,
        KILL_KEPT,
        RESUMED,
        TRIP_ACKNOWLEDGED,
        WRITE_FAILED,
        WRITES_HELD,
        WRITE_WAITED,
        WRITE_WENT_TO_NEW,
        BOTH_ARMS_FAILED,
        SHARE_SET,
        ROLLED_BACK,
        RAMP_SUCCEEDED,
        RAMP_TAKEN_BACK,
        NEXT_PAIR_OF_MODES,
        REFUSED_COMMAND,
        STORE_FULL,
        STORE_IN_DOUBT,
        CONTROL_DIED,
        CONTROL_ISOLATED,
        RESTART_WITH_STATE,
        RESTART_WITHOUT_STATE,
        NOT_READY,
        SERVED_WITHOUT_CONTROL,
        CUT_OFF,
        ALL_CUT_OFF,
        ANSWER_LOST,
        ANSWER_TWICE,
        OLD_ANSWER_AGAIN,
        CONNECTION_KEPT,
        LEFT_WHILE_ANSWERING,
        TOLD_TO_LEAVE,
        LEFT_AND_GONE
    }

    void met(Event event) {
        counts.merge(event, 1L, Long::sum);
    }

    void addAll(Sometimes other) {
        other.counts.forEach((event, count) -> counts.merge(event, count, Long::sum));
    }

    /** What was never met. */
    List<Event> never() {
        return Stream.of(Event.values()).filter(event -> !counts.containsKey(event)).toList();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
