package dev.sluice.proxy.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;

/** Which algorithms (RFC 7518 section 3.1, RFC 8037) go with which keys. Stateless. */
final class Algorithms {
    private Algorithms() {}

    static boolean fit(JWK key, JWSAlgorithm algorithm) {
        return switch (key) {
            case RSAKey _ -> JWSAlgorithm.Family.RSA.contains(algorithm);
            case ECKey curve -> fit(curve.getCurve(), algorithm);
            case OctetSequenceKey _ -> JWSAlgorithm.Family.HMAC_SHA.contains(algorithm);
            case OctetKeyPair _ -> algorithm.equals(JWSAlgorithm.EdDSA);
            default -> false;
        };
    }

    private static boolean fit(Curve curve, JWSAlgorithm algorithm) {
        return (curve.equals(Curve.P_256) && algorithm.equals(JWSAlgorithm.ES256))
                || (curve.equals(Curve.P_384) && algorithm.equals(JWSAlgorithm.ES384))
                || (curve.equals(Curve.P_521) && algorithm.equals(JWSAlgorithm.ES512));
    }
}
