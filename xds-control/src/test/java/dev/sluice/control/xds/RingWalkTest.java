package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Rollout.State;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random acceptances, refusals, silences, reconnects, changes, aborts and new leaders, checked by a
 * model that reads the log alone: it knows what each ring was offered and nothing of why.
 */
final class RingWalkTest {
    private static final int STEPS = 12_000;
    private static final int RINGS = 3;
    private static final Duration BAKE = Duration.ofSeconds(5);

    private final RandomGenerator random = Seeds.printed("walk through rings").generator();
    private final RingPlane plane =
            RingPlane.withRings("c1", "c2", "c3", "e1", "e2", "e3", "r1", "r2", "r3");
    private final Model model = new Model();
    private int declared = 1;
    private int offers;
    private int aborts;
    private int halts;
    private int completed;

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void no_ring_gets_what_the_one_before_has_not_all_applied() {
        plane.give(new Command.UpdateRingPlan(RingPlane.plan(BAKE)));
        plane.store.log().forEach(model::read);
        plane.nodes.forEach(RingNode::takeSent);
        for (int step = 0; step < STEPS; step++) {
            List<Integer> before = List.copyOf(model.rings());
            anything();
            read();
            check(before);
        }
        assertThat(offers).as("offers of a later ring").isPositive();
        assertThat(halts).as("halts").isPositive();
        assertThat(aborts).as("aborts").isPositive();
        assertThat(completed).as("rollouts that came to their end").isPositive();

        finish();

        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
        assertThat(plane.nodes).extracting(RingNode::heldMillis).containsOnly(declared);
        assertThat(Catalog.EMPTY.applyAll(plane.store.log())).isEqualTo(plane.catalog());
        assertThat(CatalogImage.read(CatalogImage.write(plane.catalog())))
                .isEqualTo(plane.catalog());
    }

    private void anything() {
        RingNode node = plane.nodes.get(random.nextInt(plane.nodes.size()));
        int dice = random.nextInt(1_000);
        if (dice < 500) {
            plane.nodes.forEach(this::accept);
        } else if (dice < 512 && node.isConnected() && node.hasNews()) {
            node.refuse("no");
        } else if (dice < 518 && node.isConnected()) {
            plane.disconnect(node);
        } else if (dice < 600 && !node.isConnected()) {
            plane.connect(node);
        } else if (dice < 603) {
            plane.declare(++declared);
        } else if (dice < 606) {
            plane.outcome(new Command.AbortStructure(RingPlane.PLAN), Fixtures.ADMIN);
        } else if (dice < 636) {
            plane.outcome(new Command.ResumeStructure(RingPlane.PLAN), Fixtures.ADMIN);
        } else if (dice < 650) {
            plane.outcome(
                    new Command.SetShare(
                            Fixtures.gateTarget("orders"),
                            new PartsPerMillion(random.nextInt(1_000_001))),
                    Fixtures.ADMIN);
        } else if (dice < 652) {
            plane.restart();
        } else if (dice < 700) {
            hasty();
        } else {
            plane.seconds(1 + random.nextInt(8));
        }
    }

    /** An orchestrator that asks for what comes next whether it is due, or for anything. */
    private void hasty() {
        int ring = random.nextBoolean() ? plane.rollout().ring() : random.nextInt(RINGS);
        long revision = plane.rollout().revision();
        plane.outcome(
                random.nextBoolean()
                        ? new Command.OfferRing(RingPlane.PLAN, ring + 1, revision)
                        : new Command.ConfirmRing(RingPlane.PLAN, ring, revision),
                Principal.ORCHESTRATOR);
    }

    private void accept(RingNode node) {
        if (node.isConnected() && node.hasNews() && random.nextInt(5) > 0) {
            node.accept();
        }
    }

    private void read() {
        List<LoggedEvent> log = plane.store.log();
        for (LoggedEvent event : log.subList(model.read, log.size())) {
            model.read(event);
            switch (event.event()) {
                case Event.StructureOffered(_, int ring, _) -> {
                    offers++;
                    assertThat(event.stamp().time())
                            .as("offer to ring %d after the bake", ring)
                            .isAfterOrEqualTo(model.applied.plus(BAKE));
                    checkHeld(0, ring);
                }
                case Event.StructureApplied(_, int ring, _) -> checkHeld(ring, ring + 1);
                default -> {}
            }
        }
    }

    /** Every live node of these rings is there and has what they were offered. */
    private void checkHeld(int first, int end) {
        for (RingNode node : plane.nodes) {
            int ring = plane.ringOf(node);
            boolean isLive =
                    plane.catalog().node(node.spec().name()).filter(Node::isLive).isPresent();
            if (isLive && ring >= first && ring < end) {
                assertThat(node.isConnected())
                        .as("%s is there, ring %d of %d", node.spec().name(), ring, end)
                        .isTrue();
                assertThat(node.heldMillis())
                        .as("what %s has, ring %d of %d", node.spec().name(), ring, end)
                        .isEqualTo(model.rings().get(ring));
            }
        }
    }

    /** A node is sent what its ring was offered, and nothing else. */
    private void check(List<Integer> before) {
        for (RingNode node : plane.nodes) {
            int ring = plane.ringOf(node);
            assertThat(node.takeSent())
                    .as("sent to %s", node.spec().name())
                    .allSatisfy(millis ->
                            assertThat(List.of(before.get(ring), model.rings().get(ring)))
                                    .contains(millis));
        }
    }

    /** Everybody comes back and takes what comes. */
    private void finish() {
        plane.nodes.stream().filter(node -> !node.isConnected()).forEach(plane::connect);
        plane.declare(++declared);
        for (int second = 0;
                second < 1_000 && plane.rollout().state() != State.COMPLETE;
                second++) {
            plane.settle(1);
            if (plane.rollout().state() == State.HALTED) {
                plane.give(new Command.ResumeStructure(RingPlane.PLAN));
            }
        }
    }

    /** What each ring was offered, in milliseconds of the new version's timeout. */
    private final class Model {
        private final Integer[] rings = {1, 1, 1};
        private Instant applied = Instant.EPOCH;
        private int read;
        private int newest = 1;
        private int good = 1;

        List<Integer> rings() {
            return List.of(rings);
        }

        void read(LoggedEvent logged) {
            read++;
            switch (logged.event()) {
                case Event.VersionPut(var spec) when spec.name().name().equals(Shop.V2) -> {
                    newest = (int) spec.connectTimeout().toMillis();
                    rings[0] = newest;
                }
                case Event.StructureOffered(_, int ring, _) -> rings[ring] = newest;
                case Event.StructureApplied(_, int ring, _) -> {
                    applied = logged.stamp().time();
                    if (ring == RINGS - 1) {
                        good = newest;
                        completed++;
                    }
                }
                case Event.StructureAborted _ -> {
                    aborts++;
                    Arrays.fill(rings, good);
                }
                case Event.StructureHalted _ -> halts++;
                default -> {}
            }
        }
    }
}
