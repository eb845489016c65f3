package dev.sluice.proxy.outcome;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.fault.FaultWitness;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.Progress;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.observe.Standing;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.Refusal;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts one exchange while it runs. Loop-owned. */
public final class Tally implements FaultWitness, Progress {
    private final Ticker ticker;
    private final long start;
    private final AttemptSpans spans;
    private final long ready;
    private final EnumSet<ResponseFlag> flags = EnumSet.noneOf(ResponseFlag.class);
    private String details = "";
    private int status;
    private int grpcStatus = -1;
    private long received;
    private long sent;
    private long requestEnd = -1;
    private long upstreamHead = -1;
    private int attempts;
    private int hedges;
    private String cluster = "";
    private @Nullable InetSocketAddress host;
    private @Nullable InetSocketAddress source;
    private @Nullable Result result;
    private AnsweredBy answeredBy = AnsweredBy.PROXY;
    private List<InjectedFault> faults = List.of();
    private FaultMark fault = FaultMark.NONE;

    public Tally(Ticker ticker, Arrival arrival) {
        this.ticker = ticker;
        start = arrival.begun();
        ready = arrival.ready();
        spans = arrival.spans();
        arrival.faults().forEach(this::injected);
    }

    public void flag(ResponseFlag flag, String detail) {
        flags.add(flag);
        details = detail;
    }

    /** Why it does not simply carry the upstream's answer, so far. */
    public Set<ResponseFlag> flags() {
        return flags;
    }

    /** Says why the exchange ends as it does. */
    public void details(String text) {
        details = text;
    }

    /** Says why the exchange is refused. */
    public void refused(Refusal refusal, String detail) {
        refusal.flag().ifPresent(flags::add);
        details = detail;
    }

    @Override
    public void injected(InjectedFault one) {
        if (faults.isEmpty()) {
            faults = new ArrayList<>(1);
        }
        faults.add(one);
        one.flag().ifPresent(flags::add);
        if (result == null && fault != FaultMark.EXCLUDED) {
            fault = one.mark();
        }
    }

    public void received(int bytes) {
        received += bytes;
    }

    public void sent(int bytes) {
        sent += bytes;
    }

    public void requestEnded() {
        requestEnd = elapsed();
    }

    /** The request had no body, and so ended with its head. */
    public void requestWasHead() {
        requestEnd = 0;
    }

    public void upstreamHead() {
        upstreamHead = elapsed();
    }

    public AttemptSpan attempt(String clusterName) {
        attempts++;
        cluster = clusterName;
        host = null;
        source = null;
        return spans.begin(clusterName, this);
    }

    /** The next attempt is begun beside a slow one. */
    public void hedged() {
        hedges++;
    }

    public void host(InetSocketAddress address) {
        host = address;
    }

    /** This proxy's end of the connection that the attempt got. */
    public void source(SocketAddress address) {
        source = address instanceof InetSocketAddress inet ? inet : null;
    }

    public void answered(int httpStatus, AnsweredBy by) {
        status = httpStatus;
        answeredBy = by;
    }

    /** Takes the gRPC status out of a head or trailers, if it is there. */
    public void grpcStatus(HeaderBlock fields) {
        int found = GrpcStatus.in(fields);
        if (found >= 0) {
            grpcStatus = found;
        }
    }

    /** How the first attempt ended; later attempts change nothing. */
    public void firstResult(Result ended) {
        if (result == null) {
            result = ended;
        }
    }

    @Override
    public int attempts() {
        return attempts;
    }

    public int grpcStatus() {
        return grpcStatus;
    }

    public int status() {
        return status;
    }

    /** When the request's head was complete, by the loop's clock. */
    public long start() {
        return start;
    }

    /** When the request was let go on to its route, by the loop's clock. */
    public long ready() {
        return ready;
    }

    /** Milliseconds since the request's end, or since it was let go on while it lasts. */
    public long sinceRequestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(elapsed() - Math.max(ready - start, requestEnd));
    }

    /** Nanoseconds from the request's end, or its head while it lasts, to the upstream's head. */
    public long upstreamTime() {
        return upstreamHead - Math.max(0, requestEnd);
    }

    /** Nanoseconds since the request's head. */
    long elapsed() {
        return ticker.nanoTime() - start;
    }

    @Override
    public Standing standing() {
        return new Standing(
                grpcStatus, shownFlags(), details, received, sent, times(), upstream(), faults);
    }

    public Outcome outcome() {
        return new Outcome(
                status,
                grpcStatus,
                shownFlags(),
                details,
                received,
                sent,
                times(),
                upstream(),
                result == null ? Result.RESET : result,
                answeredBy,
                List.copyOf(faults),
                fault);
    }

    private Set<ResponseFlag> shownFlags() {
        return flags.isEmpty() ? Set.of() : EnumSet.copyOf(flags);
    }

    private ExchangeRecord.Times times() {
        return new ExchangeRecord.Times(elapsed(), requestEnd, upstreamHead);
    }

    private Optional<ExchangeRecord.Upstream> upstream() {
        return attempts == 0
                ? Optional.empty()
                : Optional.of(
                        new ExchangeRecord.Upstream(
                                cluster,
                                Optional.ofNullable(host),
                                Optional.ofNullable(source),
                                attempts,
                                hedges));
    }
}
