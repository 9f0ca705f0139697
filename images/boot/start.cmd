# The only command of U-Boot, from the device tree; no environment can put another in its place.
# The card's slot is number 0 there. A controller without a card, or with another, is passed over.
setenv stdin nulldev
setenv stdout serial
setenv stderr serial
setenv devtype mmc
setenv scriptaddr @SCRIPT@
setenv kernel_addr_r @KERNEL@
setenv ramdisk_addr_r @INITRAMFS@
setenv fdt_high ffffffffffffffff
setenv initrd_high ffffffffffffffff
for number in 0 1 2; do
  setenv devnum ${number}
  load ${devtype} ${devnum}:1 ${scriptaddr} boot.scr && source ${scriptaddr}
done
reset
