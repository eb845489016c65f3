package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.mirror.MirrorMemory;
import dev.sluice.proxy.mirror.MirrorTee;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.MirrorObserver;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.outcome.Arrival;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.ProxyStatus;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Executes plans on one event loop. Loop-owned. */
public final class Dispatcher {
    private final Loop loop;
    private final InstantSource clock;
    private final ProxyStatus status;
    private final MirrorObserver mirrors;
    private final MirrorMemory memory = new MirrorMemory();

    /**
     * @param clock wall clock, for upstreams that say when to come back
     * @param mirrors is told of mirrored requests
     * @param status what is said where an answer is this proxy's own
     */
    public Dispatcher(Loop loop, InstantSource clock, MirrorObserver mirrors, ProxyStatus status) {
        this.loop = loop;
        this.clock = clock;
        this.mirrors = mirrors;
        this.status = status;
    }

    /** Executes a plan; its outcome is told once, when nothing more can happen to the exchange. */
    public void execute(Plan plan, Arrival arrival, Consumer<Outcome> done) {
        assert loop.executor().inEventLoop();
        ServerStream client = arrival.client();
        Tally tally = new Tally(loop.executor().ticker(), arrival);
        switch (plan) {
            case Plan.Forward forward ->
                    new Forwarding(loop, client, forward, tally, status, clock, done)
                            .start(() -> mirror(forward, client));
            case Plan.Answer answer -> {
                Local local = new Local(client, tally, done);
                local.listen();
                tally.details(answer.details());
                new LocalAnswer(client, answer.edit(), tally, status)
                        .answer(answer.status(), answer.headers(), answer.body());
                local.dropRequest();
            }
            case Plan.Refuse refuse -> {
                Local local = new Local(client, tally, done);
                local.listen();
                new LocalAnswer(client, refuse.edit(), tally, status)
                        .refuse(refuse.refusal(), refuse.status(), refuse.detail());
                local.dropRequest();
            }
            case Plan.Abandon(StreamReset why) -> new Local(client, tally, done).gone(why);
        }
    }

    private MirrorTee mirror(Plan.Forward plan, ServerStream client) {
        return MirrorTee.start(plan.mirrors(), client.requestEnded(), loop, memory, mirrors);
    }

    /** An exchange that no upstream takes part in. Loop-owned. */
    private static final class Local {
        private final ServerStream client;
        private final Tally tally;
        private final Consumer<Outcome> done;
        private boolean over;

        Local(ServerStream client, Tally tally, Consumer<Outcome> done) {
            this.client = client;
            this.tally = tally;
            this.done = done;
        }

        void listen() {
            if (client.requestEnded()) {
                tally.requestWasHead();
            }
            client.onComplete(this::finish);
            client.onClientGone(this::gone);
        }

        private void gone(StreamReset reset) {
            tally.flag(
                    ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION,
                    "the client went away: " + reset.detail());
            tally.firstResult(Result.CANCELLED);
            finish();
        }

        /** The request's body, if any, is not wanted. */
        void dropRequest() {
            if (!client.requestEnded()) {
                finish();
                client.requestBody().cancel(StreamReset.local("the answer needs no request body"));
            }
        }

        private void finish() {
            if (!over) {
                over = true;
                done.accept(tally.outcome());
            }
        }
    }
}
