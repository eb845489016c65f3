package dev.sluice.demo;

import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.WatchRampRequest;
import dev.sluice.demo.load.Findings;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.demo.view.RampView;
import dev.sluice.demo.view.Screen;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A ramp from its creation to its end, shown meanwhile. Used by one thread. */
final class RampWalk {
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final Duration REDRAW = Duration.ofMillis(500);

    private final AdminApi control;
    private final Screen screen;
    private final Ledger ledger;
    private volatile Ramp newest = Ramp.getDefaultInstance();

    /**
     * @param control where the ramp is
     * @param screen where it is shown
     * @param ledger what users saw
     */
    RampWalk(AdminApi control, Screen screen, Ledger ledger) {
        this.control = control;
        this.screen = screen;
        this.ledger = ledger;
    }

    /**
     * Walks the ramp to its end.
     *
     * @return the ramp as it ended: by success, by being taken back, or by asking a person, whom
     *     the demo does not have
     */
    Ramp walk(Ramp plan) throws InterruptedException {
        RampServiceBlockingStub ramps = RampServiceGrpc.newBlockingStub(control.channel());
        newest =
                ramps.createRamp(
                        CreateRampRequest.newBuilder()
                                .setRampId("customer-names")
                                .setRamp(plan)
                                .build());
        Iterator<Ramp> changes =
                ramps.withDeadlineAfter(LONGEST.toSeconds(), TimeUnit.SECONDS)
                        .watchRamp(WatchRampRequest.newBuilder().setName(newest.getName()).build());
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofVirtual().name("ramp-watch").start(() -> follow(changes, ended));
        RampView view = new RampView(screen, ledger);
        do {
            view.show(newest, Instant.now());
        } while (!isOver(ended));
        view.show(newest, Instant.now());
        return newest;
    }

    private void follow(Iterator<Ramp> changes, CompletableFuture<Void> ended) {
        try {
            while (isUnderWay(newest) && changes.hasNext()) {
                newest = changes.next();
            }
            ended.complete(null);
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private static boolean isUnderWay(Ramp ramp) {
        return ramp.getState() == RampState.RUNNING;
    }

    /** Waits for the next look at it; true when there is nothing more to see. */
    private static boolean isOver(CompletableFuture<Void> ended) throws InterruptedException {
        try {
            ended.get(REDRAW.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the control plane's word on the ramp broke off", e);
        }
    }

    /** Whether the ramp ended as it must. */
    Findings endedAs(RampState expected) {
        RampState state = newest.getState();
        List<String> violations =
                state == expected ? List.of() : List.of(state + ": " + newest.getStatusMessage());
        return new Findings(
                List.of(new Findings.Check("the ramp ended as " + expected, 1, violations)));
    }
}
