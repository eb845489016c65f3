package dev.sluice.control.admin.desk;

import dev.sluice.control.admin.access.TokenCheck;
import dev.sluice.control.change.Principal;
import io.grpc.Context;

/** Who makes the present call, as {@link TokenCheck} found. Stateless. */
public final class Caller {
    private static final Principal NOBODY = new Principal("", Principal.AuthMethod.NONE);
    private static final Context.Key<Principal> KEY =
            Context.keyWithDefault("sluice-principal", NOBODY);

    private Caller() {}

    public static Principal current() {
        return KEY.get();
    }

    public static Context with(Principal principal) {
        return Context.current().withValue(KEY, principal);
    }
}
