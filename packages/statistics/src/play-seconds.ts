/**
 * A play that claims to have lasted longer is a mistake: 24 days in seconds, as ListenBrainz has it.
 */
export const PLAY_SECONDS_MAX = 2_073_600;
