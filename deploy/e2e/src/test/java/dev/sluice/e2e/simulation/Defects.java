package dev.sluice.e2e.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Salt;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.GateTable;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * The product broken on purpose: each wiring joins the real parts wrongly in one place. There is no
 * switch for any of it in the product.
 */
final class Defects {
    private static final GateDecider DECIDER = new GateDecider(() -> 0);

    private Defects() {}

    /** What failed on NEW fails for the client. */
    static final class NoFallback implements Wiring {
        @Override
        public boolean fallsBack(GateAnswer.Decided decided) {
            return false;
        }
    }

    /** Whatever failed is sent again, writes too. */
    static final class RetryOfWrites implements Wiring {
        @Override
        public boolean fallsBack(GateAnswer.Decided decided) {
            return true;
        }
    }

    /** A trip is forgotten at once, so keys go to and fro. */
    static final class NoHysteresis implements Wiring {
        @Override
        public Optional<GateAnswer.Decided> decide(
                GateStep gates, GateTable table, Requests.Request request) {
            return Wiring.REAL
                    .decide(gates, table, request)
                    .map(decided ->
                            decided.decision().reason() == Reason.TRIP
                                    ? with(decided, again(decided.gate(), request))
                                    : decided);
        }
    }

    /** A trip moves keys to the arm that fails. */
    static final class TripUpward implements Wiring {
        @Override
        public Optional<GateAnswer.Decided> decide(
                GateStep gates, GateTable table, Requests.Request request) {
            return Wiring.REAL
                    .decide(gates, table, request)
                    .map(decided ->
                            decided.decision().reason() == Reason.TRIP
                                    ? with(decided, upward(decided))
                                    : decided);
        }

        private static GateDecision upward(GateAnswer.Decided decided) {
            GateDecision right = decided.decision();
            return new GateDecision(
                    right.gate(),
                    right.revision(),
                    Arm.NEW,
                    decided.gate().to(),
                    right.reason(),
                    right.rule(),
                    right.bucket(),
                    right.share(),
                    right.key());
        }
    }

    /** A sidecar that was told a share uses another one now and then. */
    static final class ShareFlap extends OtherGate {
        private int asked;

        @Override
        Gate instead(Gate gate) {
            return ++asked % 50 == 0 && !gate.share().isAll()
                    ? gate.withShare(PartsPerMillion.ALL)
                    : gate;
        }
    }

    /** The same keys go first at every gate. */
    static final class UnsaltedBucket extends OtherGate {
        @Override
        Gate instead(Gate gate) {
            Bucketing salted = gate.bucketing();
            return Shop.withBucketing(
                    gate, new Bucketing(new Salt("0"), salted.key(), salted.missingKey()));
        }
    }

    /** Decides by share with another gate than the one that is in force. */
    abstract static class OtherGate implements Wiring {
        abstract Gate instead(Gate gate);

        @Override
        public Optional<GateAnswer.Decided> decide(
                GateStep gates, GateTable table, Requests.Request request) {
            return Wiring.REAL
                    .decide(gates, table, request)
                    .map(decided ->
                            decided.decision().reason() == Reason.SHARE
                                    ? with(decided, again(instead(decided.gate()), request))
                                    : decided);
        }
    }

    /** What the sidecar says no to is obeyed all the same. */
    static final class NackApplied implements Wiring {
        @Override
        public void refused(GateTable table, DeltaDiscoveryResponse gates) {
            obey(table, gates);
        }
    }

    /** Whatever comes last is obeyed, however old it is. */
    static final class StaleObeyed implements Wiring {
        @Override
        public void comes(GateTable table, DeltaDiscoveryResponse gates) {
            obey(table, gates);
        }
    }

    /** A control plane that another one has taken the place of writes on. */
    static final class NoFence implements Wiring {
        @Override
        public boolean isFenced() {
            return false;
        }
    }

    /** A write whose store is about to change does not wait. */
    static final class HoldIgnored implements Wiring {
        @Override
        public Optional<GateAnswer.Decided> decide(
                GateStep gates, GateTable table, Requests.Request request) {
            return Wiring.REAL
                    .decide(gates, table, request)
                    .or(() -> table.find(request.gate()).map(held -> unheld(held, request)));
        }

        private static GateAnswer.Decided unheld(HeldGate held, Requests.Request request) {
            return new GateAnswer.Decided(
                    held.gate(),
                    again(held.gate(), request),
                    request.operation(),
                    Optional.empty(),
                    /* explain= */ false);
        }
    }

    /** Who is asked to leave is thrown out. */
    static final class DrainDrops implements Wiring {
        @Override
        public void leave(ServerConnection connection) {
            connection.close();
        }
    }

    private static void obey(GateTable table, DeltaDiscoveryResponse gates) {
        gates.getResourcesList().forEach(gate -> obey(table, gate));
    }

    private static void obey(GateTable table, Resource resource) {
        try {
            var message = resource.getResource().unpack(dev.sluice.gate.v1.Gate.class);
            Gate gate = GateParser.parse(message).orThrow();
            table.remove(gate.name());
            var unused = table.offer(gate, Instant.EPOCH);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("no gate: " + resource.getName(), e);
        }
    }

    private static GateDecision again(Gate gate, Requests.Request request) {
        return DECIDER.decide(
                HeldGate.first(gate), request.operation(), Carried.NOTHING, request.view());
    }

    private static GateAnswer.Decided with(GateAnswer.Decided decided, GateDecision wrong) {
        return new GateAnswer.Decided(
                decided.gate(), wrong, decided.operation(), decided.fallback(), decided.explain());
    }
}
