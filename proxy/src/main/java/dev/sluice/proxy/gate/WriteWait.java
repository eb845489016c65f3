package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate.WriteHold;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.exchange.ServerStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write whose bucket is held while its write authority moves. Nothing of its body is read
 * meanwhile. Each revision of the gate decides it anew, until one holds it no more: also when the
 * client leaves, or has waited for too long. Loop-owned.
 */
public final class WriteWait implements GateReply {
    private final GateTable table;
    private final GateName gate;
    private final WriteHold hold;
    private final Supplier<GateReply> again;
    private @Nullable Runnable unwatch;
    private Timers.@Nullable Timer limit;
    private boolean over;

    /**
     * @param again decides anew
     */
    WriteWait(GateTable table, GateName gate, WriteHold hold, Supplier<GateReply> again) {
        this.table = table;
        this.gate = gate;
        this.hold = hold;
        this.again = again;
    }

    /**
     * Waits. Once.
     *
     * @param longest how long the request may wait beside what the hold says; zero: for ever
     * @param then gets the answer, once, on the loop
     */
    public void hold(
            ServerStream client, Timers timers, Duration longest, Consumer<GateAnswer> then) {
        if (!table.heldWrites().enter()) {
            over = true;
            then.accept(held("%d other writes wait already".formatted(HeldWrites.MOST)));
            return;
        }
        long begun = timers.now();
        Duration most = shorter(hold.maxWait(), longest);
        limit =
                timers.start(
                        most,
                        begun,
                        () -> end(HeldWrites.End.TIMED_OUT, held("it waited for " + most), then));
        unwatch = table.watch(gate, () -> timers.soon(() -> look(timers, begun, then)));
        client.onClientGone(reset -> end(HeldWrites.End.LEFT, new GateAnswer.Left(reset), then));
        look(timers, begun, then); // a revision may have come before the watch
    }

    private static Duration shorter(Duration one, Duration other) {
        return other.isZero() || one.compareTo(other) < 0 ? one : other;
    }

    private GateAnswer held(String why) {
        return new GateAnswer.Held(
                "the write authority of its key in %s is being moved, and %s".formatted(gate, why));
    }

    private void look(Timers timers, long begun, Consumer<GateAnswer> then) {
        if (over) {
            return;
        }
        switch (again.get()) {
            case GateAnswer.Decided decided ->
                    end(HeldWrites.End.RELEASED, decided.after(timers.now() - begun), then);
            case GateAnswer answer -> end(HeldWrites.End.RELEASED, answer, then);
            case WriteWait _ -> {
                if (table.waitsEnd()) {
                    end(HeldWrites.End.TIMED_OUT, held("this proxy is about to end"), then);
                }
            }
        }
    }

    private void end(HeldWrites.End why, GateAnswer answer, Consumer<GateAnswer> then) {
        if (over) {
            return;
        }
        over = true;
        if (limit != null) {
            limit.cancel();
        }
        if (unwatch != null) {
            unwatch.run();
        }
        table.heldWrites().leave(why);
        then.accept(answer);
    }
}
