/** Who stands behind every commit of ours: no person's configuration is read or needed. */
export const identity = 'Heliostat <heliostat@localhost>';
