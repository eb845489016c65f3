package dev.sluice.bench.control.fleet;

import dev.sluice.admin.v1.Gate;
import dev.sluice.bench.control.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Figures of a control plane with a fleet of simulated sidecars and 2,000 gates: from the call that
 * changes or kills a gate to the moment when the last sidecar has the receipt of its report that it
 * decides by the new revision; from the start of all connections to the moment when the last
 * sidecar has everything and is known to; and the CPU time and the memory of the control plane.
 *
 * <pre>FleetBench FOLDER SIDECARS CHANGES KILLS STORMS [SECONDS] [FLAG...]</pre>
 *
 * The folder must have no state yet. In a storm all connections are cut, a gate and an endpoint
 * change, and all sidecars connect at once with what they had. A figure that is not taken so often
 * in {@code SECONDS}, 300 without another word, is taken as often as there was time for; the count
 * says how often. Flags are for the JVM of the control plane, besides those of the launcher. Prints
 * one JSON object.
 */
public final class FleetBench {
    /** Those of {@code deploy/bin/sluice}. */
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx704m",
                    "-Xmn176m",
                    "-Dio.netty.leakDetection.level=disabled",
                    "-Dio.netty.jfr.enabled=false");

    /** Of one figure. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Pattern READY = Pattern.compile("admin ([^,]+), xds [^,]*:(\\d+),");
    private static final int STEP_PPM = 1_000;

    private final Shops shops;
    private final Fleet fleet;
    private final Resources plane;
    private final Resources own = new Resources(ProcessHandle.current().pid());
    private final Duration longest;
    private int share = 1;

    private FleetBench(Shops shops, Fleet fleet, Resources plane, Duration longest) {
        this.shops = shops;
        this.fleet = fleet;
        this.plane = plane;
        this.longest = longest;
    }

    /** Runs it; a figure that can't be taken ends it with the reason. */
    public static void main(String... args) throws IOException, InterruptedException {
        if (args.length < 5) {
            throw new IllegalArgumentException(
                    args.length + " arguments (expected FOLDER SIDECARS CHANGES KILLS STORMS)");
        }
        Path state = Files.createDirectories(Path.of(args[0]));
        int sidecars = Integer.parseInt(args[1]);
        boolean isBounded = args.length > 5 && !args[5].startsWith("-");
        Duration longest = isBounded ? Duration.ofSeconds(Long.parseLong(args[5])) : LONGEST;
        List<String> flags = new ArrayList<>(FLAGS);
        flags.addAll(List.of(args).subList(isBounded ? 6 : 5, args.length));
        try (Child plane = plane(state, flags)) {
            Matcher ready = READY.matcher(plane.lineWith("sluice control ready"));
            if (!ready.find()) {
                throw new IllegalStateException("no addresses in the control plane's ready line");
            }
            String token = Files.readString(state.resolve("admin.token")).strip();
            try (Shops shops = Shops.at(ready.group(1), token);
                    Fleet fleet = new Fleet(sidecars, Integer.parseInt(ready.group(2)))) {
                shops.create();
                new FleetBench(shops, fleet, new Resources(plane.pid()), longest)
                        .run(
                                sidecars,
                                Integer.parseInt(args[2]),
                                Integer.parseInt(args[3]),
                                Integer.parseInt(args[4]));
            }
        }
    }

    private static Child plane(Path state, List<String> flags) throws IOException {
        return Child.start(
                flags,
                "dev.sluice.control.boot.Main",
                List.of(
                        "--state",
                        state.toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--xds-listen",
                        "127.0.0.1:0",
                        "--web-listen",
                        "off"));
    }

    private void run(int sidecars, int changes, int kills, int storms)
            throws IOException, InterruptedException {
        double first = connect();
        repeat(changes / 10 + 1, this::change); // not counted: the JVMs are cold
        Times changed = repeat(changes, this::change);
        repeat(kills / 10 + 1, this::kill); // likewise
        Times killed = repeat(kills, this::kill);
        Times returned = repeat(storms, this::storm);
        System.out.printf(
                Locale.ROOT,
                """
                {
                 "sidecars": %d,
                 "gates": %d,
                 "gates_of_each_sidecar": %d,
                 "first_connection_of_all_ms": %.0f,
                 "change_to_last_applied": %s,
                 "kill_to_last_applied": %s,
                 "reconnection_of_all": %s,
                 "resident_mib": %d,
                 "most_resident_mib": %d
                }
                """,
                sidecars,
                Shops.SERVICES * Shops.GATES_EACH,
                fleet.first(Sidecar::gates),
                first,
                changed.json(),
                killed.json(),
                returned.json(),
                plane.resident(),
                plane.mostResident());
    }

    /** Something that is measured once; milliseconds. */
    private interface Measured {
        double take(int number) throws InterruptedException;
    }

    private Times repeat(int count, Measured measured) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        long before = plane.cpu().toMillis();
        long ownBefore = own.cpu().toMillis();
        long end = System.nanoTime() + longest.toNanos();
        for (int i = 0; i < count && System.nanoTime() - end < 0; i++) {
            millis.add(measured.take(i));
        }
        return new Times(millis, plane.cpu().toMillis() - before, own.cpu().toMillis() - ownBefore);
    }

    private double connect() throws InterruptedException {
        Round whole = fleet.round(Sidecar::isWhole);
        long began = System.nanoTime();
        fleet.connect();
        return whole.millisSince(began);
    }

    private double change(int number) throws InterruptedException {
        Gate gate = shops.get(Shops.gate(number));
        int next = nextShare();
        Round round = fleet.round(hasShare(gate.getName(), next));
        long began = System.nanoTime();
        var unused = shops.setShare(gate.getName(), next, gate.getEtag());
        return round.millisSince(began);
    }

    private double kill(int number) throws InterruptedException {
        String gate = Shops.gate(number);
        Round killed = fleet.round(isKilled(gate));
        long began = System.nanoTime();
        var unused = shops.kill(gate);
        double millis = killed.millisSince(began);
        Round resumed = fleet.round(isKilled(gate).negate());
        unused = shops.resume(gate);
        double ignored = resumed.millisSince(began);
        return millis;
    }

    private double storm(int number) throws InterruptedException {
        fleet.cut();
        Gate gate = shops.get(Shops.gate(number));
        int next = nextShare();
        var unused = shops.setShare(gate.getName(), next, gate.getEtag());
        String before =
                fleet.first(it -> it.version(Names.ENDPOINT, Shops.endpoints())).orElseThrow();
        shops.moveEndpoint(3 + number % 250);
        Predicate<Sidecar> moved =
                sidecar ->
                        sidecar.version(Names.ENDPOINT, Shops.endpoints())
                                .filter(version -> !version.equals(before))
                                .isPresent();
        Round round = fleet.round(hasShare(gate.getName(), next).and(moved));
        long began = System.nanoTime();
        fleet.connect();
        return round.millisSince(began);
    }

    private int nextShare() {
        share = share % 999 + 1;
        return share * STEP_PPM;
    }

    private static Predicate<Sidecar> hasShare(String gate, int ppm) {
        return sidecar -> sidecar.gate(gate).filter(it -> it.getSharePpm() == ppm).isPresent();
    }

    private static Predicate<Sidecar> isKilled(String gate) {
        return sidecar -> sidecar.gate(gate).filter(it -> it.hasKill()).isPresent();
    }
}
