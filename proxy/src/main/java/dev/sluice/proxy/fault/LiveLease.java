package dev.sluice.proxy.fault;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.proxy.fault.LeaseState.Phase;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** A lease that was taken, and its counters. Thread-safe. */
final class LiveLease {
    private final FaultName name;
    private final FaultLease lease;
    private final long seed;
    private final Ticker ticker;
    private final Instant created;
    private final AtomicReference<Term> term;
    private final InjectedFault told;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.ACTIVE);
    private final AtomicLong matched = new AtomicLong();
    private final LongAdder injected = new LongAdder();

    /**
     * How long it lasts unless it is renewed.
     *
     * @param end by the ticker
     * @param shown the same on the wall clock
     */
    private record Term(long end, Instant shown) {
        static Term of(Duration ttl, long nanos, Instant instant) {
            return new Term(nanos + ttl.toNanos(), instant.plus(ttl));
        }
    }

    LiveLease(FaultName name, FaultLease lease, long seed, Ticker ticker, Instant created) {
        this.name = name;
        this.lease = lease;
        this.seed = seed;
        this.ticker = ticker;
        this.created = created;
        term = new AtomicReference<>(Term.of(lease.ttl(), ticker.nanoTime(), created));
        told =
                new InjectedFault(
                        name.name(),
                        lease.fault().word(),
                        Optional.of(
                                lease.fault() instanceof Fault.Delay
                                        ? ResponseFlag.DELAY_INJECTED
                                        : ResponseFlag.FAULT_INJECTED),
                        switch (lease.evidence()) {
                            case COUNTED -> FaultMark.COUNTED;
                            case EXCLUDED -> FaultMark.EXCLUDED;
                        });
    }

    FaultName name() {
        return name;
    }

    FaultLease lease() {
        return lease;
    }

    boolean isActive() {
        if (phase.get() == Phase.ACTIVE && ticker.nanoTime() - term().end() >= 0) {
            phase.compareAndSet(Phase.ACTIVE, Phase.EXPIRED);
        }
        return phase.get() == Phase.ACTIVE;
    }

    /** Lets it last so long from now, unless it has ended. */
    void renew(Duration ttl, Instant instant) {
        if (isActive()) {
            term.set(Term.of(ttl, ticker.nanoTime(), instant));
        }
    }

    private Term term() {
        return Objects.requireNonNull(term.get());
    }

    /** Ends it unless it has ended. */
    void end() {
        if (isActive()) {
            phase.compareAndSet(Phase.ACTIVE, Phase.ENDED);
        }
    }

    /** Draws for an attempt; empty when it is not chosen, or the lease has ended. */
    Optional<Hit> draw(
            Identity who, int attempt, InetSocketAddress endpoint, FaultWitness witness) {
        if (!lease.selection().meets(endpoint)
                || !isActive()
                || !lease.selection().draws(seed, who, attempt)) {
            return Optional.empty();
        }
        long number = matched.incrementAndGet();
        if (number >= lease.budget()) {
            phase.compareAndSet(Phase.ACTIVE, Phase.SPENT);
        }
        if (number > lease.budget()) {
            matched.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(
                Hit.once(
                        lease.fault(),
                        lease.selection().detail(seed, who, attempt),
                        () -> {
                            injected.increment();
                            witness.injected(told);
                        }));
    }

    LeaseState read() {
        var unused = isActive();
        return new LeaseState(
                name,
                lease,
                created,
                term().shown(),
                Objects.requireNonNull(phase.get()),
                Math.min(matched.get(), lease.budget()),
                injected.sum());
    }
}
