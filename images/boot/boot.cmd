# RAUC's contract with U-Boot: BOOT_ORDER names the slots, BOOT_x_LEFT counts what a slot may still
# try. They live in slots.env, not in U-Boot's own environment: that would be replaced by them.
setenv BOOT_ORDER "A B"
setenv BOOT_A_LEFT 3
setenv BOOT_B_LEFT 3
if load ${devtype} ${devnum}:1 ${kernel_addr_r} slots.env; then
  env import -c ${kernel_addr_r} ${filesize} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
fi

setenv slot
for name in ${BOOT_ORDER}; do
  if test -n "${slot}"; then
    true
  elif test "${name}" = "A" && test ${BOOT_A_LEFT} -gt 0; then
    setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
    setenv slot A
    setenv part 2
  elif test "${name}" = "B" && test ${BOOT_B_LEFT} -gt 0; then
    setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
    setenv slot B
    setenv part 3
  fi
done
if test -z "${slot}"; then
  setenv BOOT_ORDER "A B"
  setenv BOOT_A_LEFT 3
  setenv BOOT_B_LEFT 3
fi
env export -c -s 4000 ${kernel_addr_r} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
fatwrite ${devtype} ${devnum}:1 ${kernel_addr_r} slots.env 4000

echo slot ${slot} left ${BOOT_A_LEFT} ${BOOT_B_LEFT}
if test -n "${slot}"; then
  load ${devtype} ${devnum}:${part} ${scriptaddr} slot.scr && source ${scriptaddr}
fi
reset
