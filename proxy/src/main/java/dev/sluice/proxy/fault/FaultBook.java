package dev.sluice.proxy.fault;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.match.RequestView;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The fault leases of one proxy: those that inject, and those that ended lately, whose counters are
 * still asked for. A lease lives in this process only; a restart ends all. Thread-safe: the list is
 * swapped whole, so that loops read it without a lock.
 */
public final class FaultBook {
    /** Leases that may be active at once. */
    public static final int MOST_ACTIVE = 64;

    /** Leases remembered after their end. */
    public static final int MOST_ENDED = 256;

    private final Ticker ticker;
    private final InstantSource clock;
    private final LongSupplier random;

    private final AtomicReference<Leases> leases =
            new AtomicReference<>(new Leases(List.of(), List.of()));

    /**
     * All at one moment.
     *
     * @param all the youngest first
     * @param active those of them that injected when somebody looked last
     */
    private record Leases(List<LiveLease> all, List<LiveLease> active) {
        static Leases of(List<LiveLease> all) {
            return new Leases(all, all.stream().filter(LiveLease::isActive).toList());
        }

        Optional<LiveLease> named(FaultName name) {
            return all.stream().filter(lease -> lease.name().equals(name)).findFirst();
        }

        Leases looked() {
            return of(all);
        }

        /** The youngest in front; its namesake, which ended, and the oldest that ended, go. */
        Leases with(LiveLease taken) {
            List<LiveLease> after = new ArrayList<>();
            after.add(taken);
            int ended = 0;
            for (LiveLease lease : all) {
                boolean namesake = lease.name().equals(taken.name());
                if (!namesake && (lease.isActive() || ended++ < MOST_ENDED)) {
                    after.add(lease);
                }
            }
            return of(List.copyOf(after));
        }
    }

    /**
     * @param ticker by which leases end
     * @param clock wall clock, for people
     * @param random makes names and seeds up
     */
    public FaultBook(Ticker ticker, InstantSource clock, LongSupplier random) {
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
    }

    /** What became of taking a lease. */
    public sealed interface Taking {
        /** It injects from now on. */
        record Taken(LeaseState state) implements Taking {}

        /** An active lease has its name. */
        record NameTaken(FaultName name) implements Taking {}

        /** No more may be active at once. */
        record Full() implements Taking {}
    }

    /** Takes a lease. */
    public Taking take(FaultLease lease) {
        FaultName name = lease.name().orElseGet(this::newName);
        long seed = lease.seed().orElseGet(() -> random.getAsLong() | 1);
        FaultLease whole =
                new FaultLease(
                        Optional.of(name),
                        lease.gate(),
                        lease.arm(),
                        lease.selection(),
                        lease.fault(),
                        lease.ttl(),
                        lease.budget(),
                        OptionalLong.of(seed),
                        lease.evidence(),
                        lease.reason());
        LiveLease taken = new LiveLease(name, whole, seed, ticker, clock.instant());
        while (true) {
            Leases before = now();
            if (before.named(name).filter(LiveLease::isActive).isPresent()) {
                return new Taking.NameTaken(name);
            }
            if (before.looked().active().size() >= MOST_ACTIVE) {
                return new Taking.Full();
            }
            if (leases.compareAndSet(before, before.with(taken))) {
                return new Taking.Taken(taken.read());
            }
        }
    }

    /** All leases that are known, the youngest first. */
    public List<LeaseState> all() {
        return now().all().stream().map(LiveLease::read).toList();
    }

    /** A lease that is known. */
    public Optional<LeaseState> find(FaultName name) {
        return now().named(name).map(LiveLease::read);
    }

    /** Lets a lease last so long from now; what has ended stays so. Empty: it is not known. */
    public Optional<LeaseState> renew(FaultName name, Duration ttl) {
        Optional<LiveLease> lease = now().named(name);
        lease.ifPresent(known -> known.renew(ttl, clock.instant()));
        return lease.map(LiveLease::read);
    }

    /** Ends a lease; what has ended before stays as it is. Empty: it is not known. */
    public Optional<LeaseState> end(FaultName name) {
        Optional<LiveLease> lease = now().named(name);
        lease.ifPresent(LiveLease::end);
        leases.updateAndGet(Leases::looked);
        return lease.map(LiveLease::read);
    }

    /** How many inject now. */
    public int active() {
        return now().looked().active().size();
    }

    /**
     * What stands before one request on one arm.
     *
     * @param request as the arm gets it
     * @param identity asked for only when a lease matches
     */
    public ArmFaults on(
            GateName gate,
            Arm arm,
            Operation operation,
            RequestView request,
            Function<RequestView, Identity> identity) {
        List<LiveLease> now = now().active();
        if (now.isEmpty()) {
            return ArmFaults.NONE;
        }
        List<LiveLease> matching = new ArrayList<>(1);
        boolean ended = false;
        for (LiveLease one : now) {
            FaultLease lease = one.lease();
            if (!one.isActive()) {
                ended = true;
            } else if (lease.arm() == arm
                    && lease.gate().equals(gate)
                    && lease.selection().matches(operation, request)) {
                matching.add(one);
            }
        }
        if (ended) {
            leases.updateAndGet(Leases::looked);
        }
        return matching.isEmpty()
                ? ArmFaults.NONE
                : new LeasedFaults(matching, identity.apply(request));
    }

    private Leases now() {
        return Objects.requireNonNull(leases.get());
    }

    private FaultName newName() {
        return new FaultName("f-" + Long.toHexString(random.getAsLong()));
    }
}
