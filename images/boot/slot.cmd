# Both slots hold these same bytes; ${slot} and ${part} come from boot.scr.
setenv bootargs "@ARGUMENTS@"
fdt addr ${fdt_addr}
fdt resize 4096
if fdt list /soc/serial@7e201000/bluetooth; then
  fdt rm /soc/serial@7e201000/bluetooth
fi
if fdt list /soc/i2c@7e804000; then
  fdt mknode /soc/i2c@7e804000 rtc@68
  fdt set /soc/i2c@7e804000/rtc@68 compatible "maxim,ds3231"
  fdt set /soc/i2c@7e804000/rtc@68 reg <0x68>
fi
load ${devtype} ${devnum}:${part} ${kernel_addr_r} vmlinuz
load ${devtype} ${devnum}:${part} ${ramdisk_addr_r} initrd.img
booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdt_addr}
