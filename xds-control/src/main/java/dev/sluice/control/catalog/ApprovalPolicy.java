package dev.sluice.control.catalog;

import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.time.Instant;

/** What the migrations of one risk need, as it is. Immutable. */
public record ApprovalPolicy(ApprovalPolicySpec spec, Meta meta) implements Resource {
    private static final Meta NEVER = new Meta(Instant.EPOCH, Instant.EPOCH, "", 0);

    /** One that nobody has set: it asks nobody, and its etag is empty. */
    static ApprovalPolicy unset(Risk risk) {
        return new ApprovalPolicy(ApprovalPolicySpec.none(risk), NEVER);
    }

    @Override
    public String resourceName() {
        return spec.name();
    }
}
