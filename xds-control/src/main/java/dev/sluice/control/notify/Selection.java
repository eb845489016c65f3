package dev.sluice.control.notify;

import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import java.util.List;
import java.util.stream.Stream;

/** Which events a sink is told of. Stateless. */
final class Selection {
    private static final String REST = "*";

    private Selection() {}

    static boolean takes(Selector selector, LoggedEvent event) {
        return !isBookkeeping(event.event())
                && NewsText.severity(event.event()).compareTo(selector.least()) >= 0
                && fits(selector.kinds(), EventCodec.caseName(event.event()))
                && subjects(event).anyMatch(subject -> fits(selector.subjects(), subject));
    }

    /** Telling of what the telling itself writes would never end. */
    private static boolean isBookkeeping(Event event) {
        return event instanceof Event.SinkAdvanced || event instanceof Event.SinkDropped;
    }

    private static Stream<String> subjects(LoggedEvent event) {
        Stream<String> named = Stream.of(event.stamp().subject());
        return event.event() instanceof GatesRevised revised
                ? Stream.concat(
                        named, revised.gates().stream().map(gate -> gate.content().name().name()))
                : named;
    }

    private static boolean fits(List<String> wanted, String text) {
        return wanted.isEmpty() || wanted.stream().anyMatch(one -> fits(one, text));
    }

    private static boolean fits(String wanted, String text) {
        return wanted.endsWith(REST)
                ? text.startsWith(wanted.substring(0, wanted.length() - REST.length()))
                : text.equals(wanted);
    }
}
