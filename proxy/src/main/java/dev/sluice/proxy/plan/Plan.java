package dev.sluice.proxy.plan;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.LoopCluster;
import dev.sluice.proxy.cluster.Use;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.fault.ArmFaults;
import dev.sluice.proxy.mirror.Mirror;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is to be done with one exchange; everything has been decided. Loop-owned. */
public sealed interface Plan {
    /**
     * Sends the request to one upstream and gives its answer back, as streams.
     *
     * @param target where to
     * @param delivery how long and how often
     * @param fallback where to when the target fails; absent: nowhere
     * @param mirrors where copies of it go
     */
    record Forward(
            Target target,
            Delivery delivery,
            Optional<Fallback> fallback,
            List<Mirror> mirrors,
            ResponseEdit edit)
            implements Plan {}

    /**
     * Answers from the configuration: a redirect or a direct response.
     *
     * @param status 200..599
     * @param headers of the answer, without {@code content-length}
     * @param body may be empty
     * @param details why, for the log; may be empty
     */
    record Answer(int status, HeaderBlock headers, String body, String details, ResponseEdit edit)
            implements Plan {
        /** Without a reason of its own. */
        public Answer(int status, HeaderBlock headers, String body, ResponseEdit edit) {
            this(status, headers, body, "", edit);
        }
    }

    /**
     * Answers that the request can't be served.
     *
     * @param status of the answer, mostly the refusal's own
     * @param detail what, got and expected, in one line
     */
    record Refuse(Refusal refusal, int status, String detail, ResponseEdit edit) implements Plan {
        public Refuse(Refusal refusal, String detail, ResponseEdit edit) {
            this(refusal, refusal.status(), detail, edit);
        }
    }

    /**
     * Does nothing: the client is gone.
     *
     * @param why what is known of it
     */
    record Abandon(StreamReset why) implements Plan {}

    /**
     * An upstream and what it gets.
     *
     * @param head as it goes out; kept for repeats, so that each attempt sends a copy
     * @param authority what the upstream is called
     * @param pick what is asked of the balancer
     * @param use what a connection to it is for
     * @param numbering whether it is told which attempt it gets
     * @param faults what stands before its endpoints
     */
    record Target(
            LoopCluster cluster,
            RequestHead head,
            Authority authority,
            Pick pick,
            Use use,
            Numbering numbering,
            ArmFaults faults) {
        /** The same behind these faults. */
        public Target behind(ArmFaults others) {
            return new Target(cluster, head, authority, pick, use, numbering, others);
        }

        /** The same, another endpoint if there is one. */
        public Target avoiding(List<Endpoint> tried, int reattempts) {
            return new Target(
                    cluster,
                    head,
                    authority,
                    pick.avoiding(tried, reattempts),
                    use,
                    numbering,
                    faults);
        }
    }

    /** What stands in {@code host} or {@code :authority}. */
    enum Authority {
        /** What the head says. */
        OF_HEAD,
        /** The configured name of the endpoint that is chosen, if it has one. */
        OF_ENDPOINT
    }

    /**
     * How long and how often a request is tried.
     *
     * @param limits how long
     * @param retry absent: no retries
     * @param repeatable what may be repeated at all, whatever the retry policy says
     * @param withdrawal when it ends with its arm; absent: never
     */
    record Delivery(
            TimeLimits limits,
            Optional<RetrySpec> retry,
            Repeatable repeatable,
            Optional<Withdrawal> withdrawal) {}

    /** What may be repeated on the same upstream. */
    enum Repeatable {
        /** Whatever the retry policy says. */
        ALWAYS,
        /** Only what the upstream is known not to have acted on. */
        UNPROCESSED
    }

    /**
     * Where a failed attempt on the target is repeated.
     *
     * @param target made when it is needed, since it rarely is
     * @param when what must be known of the failed attempt
     */
    record Fallback(Supplier<Target> target, FallbackWhen when) {}

    /** When a request may be repeated on the fallback. */
    enum FallbackWhen {
        /** Whatever became of it: repeating does no harm. */
        FAILED,
        /** Only when the target is known not to have acted on it. */
        UNPROCESSED,
        /** Only when the target's sidecar refused it, since the target is retired. */
        RETIRED
    }
}
