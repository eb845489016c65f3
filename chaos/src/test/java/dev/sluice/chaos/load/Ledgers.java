package dev.sluice.chaos.load;

import dev.sluice.chaos.load.Planned.Operation;
import dev.sluice.testkit.ManualClock;
import java.util.Optional;
import java.util.OptionalLong;

/** Ledgers for tests, written one request after the other. */
final class Ledgers {
    private Ledgers() {}

    static final String HASH = "0".repeat(64);

    static Ledger of(Entry... entries) {
        Ledger ledger = new Ledger(ManualClock.START, entries.length);
        for (Entry entry : entries) {
            ledger.add(entry);
        }
        return ledger;
    }

    static Entry entry(long id, String key, Answer answer) {
        return new Entry(
                new Planned(id, key, 0, Operation.READ, id * 10), id * 10, id * 10 + 5, answer);
    }

    static Answer.Body body(OptionalLong value) {
        return new Answer.Body(
                4, HASH, OptionalLong.of(4), Optional.empty(), Optional.empty(), value);
    }

    static Answer.Complete ok() {
        return answered(Optional.empty());
    }

    static Answer.Complete answered(Optional<String> decision) {
        return new Answer.Complete(200, Optional.of(true), decision, body(OptionalLong.empty()));
    }

    static Answer decided(String arm, int share, String reason) {
        return answered(
                Optional.of(
                        "gate=\"orders\", arm=%s, mode=%s, reason=%s, share=%d"
                                .formatted(
                                        arm,
                                        arm.equals("NEW") ? "COMPLETE" : "OFF",
                                        reason,
                                        share)));
    }

    static Answer revised(String revision) {
        return answered(
                Optional.of(
                        "gate=\"orders\", rev=\"%s\", arm=NEW, mode=COMPLETE, reason=SHARE, share=200"
                                .formatted(revision)));
    }

    static Answer byShare(String arm, int share) {
        return decided(arm, share, "SHARE");
    }
}
