package dev.sluice.control.admin.desk;

import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Principal;
import io.grpc.Context;

/** Who makes the present call, as the check of tokens and certificates found. Stateless. */
public final class Caller {
    private static final Identity NOBODY =
            Identity.of(new Principal("", Principal.AuthMethod.NONE));
    private static final Context.Key<Identity> KEY =
            Context.keyWithDefault("sluice-caller", NOBODY);

    private Caller() {}

    public static Identity current() {
        return KEY.get();
    }

    public static Context with(Identity caller) {
        return Context.current().withValue(KEY, caller);
    }
}
