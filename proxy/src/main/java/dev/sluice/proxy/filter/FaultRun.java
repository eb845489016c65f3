package dev.sluice.proxy.filter;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Answer;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Share;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The faults that one request meets in a fault filter. Loop-owned. */
final class FaultRun {
    /** What Envoy answers. */
    private static final String BODY = "fault filter abort";

    private static final String DELAY = "x-envoy-fault-delay-request";
    private static final String ABORT = "x-envoy-fault-abort-request";
    private static final String ABORT_GRPC = "x-envoy-fault-abort-grpc-request";
    private static final String RATE = "x-envoy-fault-throughput-response";
    private static final String PERCENTAGE = "-percentage";
    private static final String DETAILS = "fault_filter_abort";
    private static final long KIB = 1024;
    private static final long MOST_KIB = Long.MAX_VALUE / KIB / 1000;

    /** About a hundred years: longer ones do not fit into nanoseconds. */
    private static final long LONGEST_MILLIS = Duration.ofDays(36_500).toMillis();

    private static final int MOST_DIGITS = 18;

    private final String filter;
    private final HttpFaultSpec spec;
    private final AtomicLong active;
    private final FilterRequest request;
    private final List<FilterEvent> events = new ArrayList<>(1);
    private boolean counted;
    private boolean told;

    /**
     * @param filter name
     * @param active requests that meet a fault of this filter now
     */
    FaultRun(String filter, HttpFaultSpec spec, AtomicLong active, FilterRequest request) {
        this.filter = filter;
        this.spec = spec;
        this.active = active;
        this.request = request;
    }

    FilterAnswer begin() {
        Injection slow = slow();
        Optional<Duration> delay = delay().filter(wanted -> mayInject());
        return delay.<FilterAnswer>map(
                        length -> new FilterAnswer.Wait(after(length), noticed(), slow.and(late())))
                .orElseGet(() -> abort(slow));
    }

    private Waiting after(Duration delay) {
        return (timers, answer) ->
                timers.start(delay, timers.now(), () -> answer.accept(abort(Injection.NONE)))
                        ::cancel;
    }

    private Injection slow() {
        return spec.rate()
                .filter(rate ->
                        draws(
                                rate.share(),
                                rate.kibPerSecond().isEmpty(),
                                RATE,
                                spec.keys().rateShare()))
                .map(rate -> rate.kibPerSecond().orElseGet(() -> number(RATE).orElse(0)))
                .filter(kib -> kib > 0 && mayInject())
                .map(kib -> injection("body_rate", Optional.empty(), KIB * Math.min(kib, MOST_KIB)))
                .orElse(Injection.NONE);
    }

    private Optional<Duration> delay() {
        return spec.delay()
                .filter(delay ->
                        draws(
                                delay.share(),
                                delay.fixed().isEmpty(),
                                DELAY,
                                spec.keys().delayShare()))
                .flatMap(delay -> delay.fixed().or(() -> millis(number(DELAY))))
                .map(wanted ->
                        millis(request.runtime().number(spec.keys().delayMillis())).orElse(wanted))
                .filter(Duration::isPositive);
    }

    private Injection late() {
        return injection("delay", Optional.of(ResponseFlag.DELAY_INJECTED), 0);
    }

    private FilterAnswer abort(Injection before) {
        return spec.abort()
                .filter(abort ->
                        draws(
                                abort.share(),
                                abort.answer().isEmpty(),
                                ABORT,
                                spec.keys().abortShare()))
                .flatMap(abort -> abort.answer().or(this::asked))
                .map(this::inForce)
                .filter(answer -> mayInject())
                .<FilterAnswer>map(answer -> aborted(answer, before))
                .orElseGet(() ->
                        new FilterAnswer.Continue(request.view(), Changes.NONE, noticed(), before));
    }

    /** The answer that the request's own headers ask for; HTTP counts before gRPC. */
    private Optional<Answer> asked() {
        OptionalLong status = number(ABORT);
        if (status.isPresent() && status.getAsLong() >= 200 && status.getAsLong() < 600) {
            return Optional.of(new Answer.Http((int) status.getAsLong()));
        }
        OptionalLong grpc = number(ABORT_GRPC);
        return grpc.isPresent() ? Optional.of(new Answer.Grpc(grpc.getAsLong())) : Optional.empty();
    }

    /** The answer, with the status that the runtime gives for its protocol. */
    private Answer inForce(Answer configured) {
        return switch (configured) {
            case Answer.Http(int status) -> {
                long now = request.runtime().number(spec.keys().httpStatus()).orElse(status);
                yield new Answer.Http(now >= 200 && now < 600 ? (int) now : status);
            }
            case Answer.Grpc(long status) ->
                    new Answer.Grpc(
                            request.runtime().number(spec.keys().grpcStatus()).orElse(status));
        };
    }

    private FilterAnswer aborted(Answer answer, Injection before) {
        Optional<ResponseFlag> flag = Optional.of(ResponseFlag.FAULT_INJECTED);
        return switch (answer) {
            case Answer.Http(int status) ->
                    answered(
                            status,
                            GrpcStatus.ofHttp(status),
                            before.and(injection("http_status", flag, 0)));
            case Answer.Grpc(long status) ->
                    answered(200, status, before.and(injection("grpc_status", flag, 0)));
        };
    }

    private FilterAnswer answered(int status, long grpcStatus, Injection injection) {
        boolean call = GrpcStatus.isCall(request.view().head().headers());
        HeaderBlock headers = new HeaderBlock();
        headers.add("content-type", call ? "application/grpc" : "text/plain");
        if (call) {
            headers.add("grpc-status", Long.toString(grpcStatus));
            headers.add("grpc-message", BODY);
        }
        return new FilterAnswer.Answer(
                call ? 200 : status, headers, call ? "" : BODY, DETAILS, noticed(), injection);
    }

    private Injection injection(String kind, Optional<ResponseFlag> flag, long bytesPerSecond) {
        Consumer<Outcome> over = told ? outcome -> {} : outcome -> active.decrementAndGet();
        told = true;
        return new Injection(
                List.of(new InjectedFault(filter, kind, flag, FaultMark.COUNTED)),
                bytesPerSecond,
                over);
    }

    /** Whether there is room for one more; a request that has met a fault may meet others. */
    private boolean mayInject() {
        if (counted) {
            return true;
        }
        long most =
                request.runtime()
                        .number(spec.keys().mostActive())
                        .orElse(spec.mostActive().orElse(Long.MAX_VALUE));
        if (active.incrementAndGet() > most) {
            active.decrementAndGet();
            events.add(new FilterEvent(filter, FilterEvent.Kind.FAULTS_OVERFLOW));
            return false;
        }
        counted = true;
        return true;
    }

    private List<FilterEvent> noticed() {
        List<FilterEvent> now = List.copyOf(events);
        events.clear();
        return now;
    }

    /**
     * Draws by a share, of which the request may ask for a part where its headers say what happens.
     */
    private boolean draws(Share share, boolean byHeader, String header, String key) {
        OptionalLong asked = byHeader ? number(header + PERCENTAGE) : OptionalLong.empty();
        Share wanted = asked.isEmpty() ? share : share.atMost(asked.getAsLong());
        PartsPerMillion part = request.runtime().share(new RuntimeShare(key, wanted.ppm()));
        return part.isAll()
                || (!part.isNone()
                        && part.contains(request.random().nextInt(PartsPerMillion.WHOLE)));
    }

    private static Optional<Duration> millis(OptionalLong number) {
        return number.isPresent()
                ? Optional.of(Duration.ofMillis(Math.min(number.getAsLong(), LONGEST_MILLIS)))
                : Optional.empty();
    }

    /** What a header of the request says; empty without one that is a number. */
    private OptionalLong number(String header) {
        CharSequence text = request.view().head().headers().first(header);
        if (text == null
                || text.isEmpty()
                || text.length() > MOST_DIGITS
                || text.chars().anyMatch(c -> c < '0' || c > '9')) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(text, 0, text.length(), 10));
    }
}
