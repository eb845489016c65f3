package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.TakeBack;
import java.util.List;
import java.util.Optional;

/** Another gate, field by field. Immutable. */
record GateEdit(Gate done) {
    GateEdit share(int share) {
        return new GateEdit(done.withShare(new PartsPerMillion(share)));
    }

    GateEdit salt(String salt) {
        Bucketing old = done.bucketing();
        return with(
                done.legacyCluster(),
                done.newCluster(),
                done.from(),
                done.to(),
                new Bucketing(new Salt(salt), new KeySource.Header("x-user"), old.missingKey()),
                done.rules(),
                done.takeBack());
    }

    GateEdit rules(Rule... rules) {
        return with(
                done.legacyCluster(),
                done.newCluster(),
                done.from(),
                done.to(),
                done.bucketing(),
                List.of(rules),
                done.takeBack());
    }

    GateEdit takeBack(TakeBack takeBack) {
        return with(
                done.legacyCluster(),
                done.newCluster(),
                done.from(),
                done.to(),
                done.bucketing(),
                done.rules(),
                takeBack);
    }

    GateEdit arms(String legacy, String fresh) {
        return with(
                legacy,
                fresh,
                done.from(),
                done.to(),
                done.bucketing(),
                done.rules(),
                done.takeBack());
    }

    GateEdit steps(Mode from, Mode to) {
        return with(
                done.legacyCluster(),
                done.newCluster(),
                from,
                to,
                done.bucketing(),
                done.rules(),
                done.takeBack());
    }

    GateEdit revision(long number) {
        return new GateEdit(
                copy(
                        Optional.of(new GateRevision(1, number)),
                        done.legacyCluster(),
                        done.newCluster(),
                        done.from(),
                        done.to(),
                        done.bucketing(),
                        done.rules(),
                        done.takeBack()));
    }

    private GateEdit with(
            String legacy,
            String fresh,
            Mode from,
            Mode to,
            Bucketing bucketing,
            List<Rule> rules,
            TakeBack takeBack) {
        return new GateEdit(
                copy(done.revision(), legacy, fresh, from, to, bucketing, rules, takeBack));
    }

    private Gate copy(
            Optional<GateRevision> revision,
            String legacy,
            String fresh,
            Mode from,
            Mode to,
            Bucketing bucketing,
            List<Rule> rules,
            TakeBack takeBack) {
        return new Gate(
                done.name(),
                done.contractVersion(),
                revision,
                done.gateSet(),
                legacy,
                fresh,
                done.storeKind(),
                from,
                to,
                done.share(),
                bucketing,
                rules,
                takeBack,
                done.maxStale(),
                done.kill(),
                done.acknowledgedTrips(),
                done.trip(),
                done.writeAuthority(),
                done.writeHold(),
                done.fallback());
    }
}
