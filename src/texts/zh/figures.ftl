
## report/figures/comparison/choice.rs

pareto-stock = 期末平均存量（越大越好）
pareto-theil-panel = 存量与不平等
pareto-theil = 泰尔指数（越小越好）
pareto-pairs-panel = 存量与协调成本
pareto-pairs = 成员对·年（越小越好）
pareto-title = 取舍：帕累托前沿
pareto-about = 期末各次重复的均值。空心：有其他布局在存量、公平、协调成本中某方面更好而无一方面更差，且超出重复的随机波动（配对差的 95 % 区间）；实心：没有。百分比：对重复作自助抽样时该布局处于前沿的比例。“成员对·年”是一对成员保持协调关系一年：只是计数，不是金额。处于前沿本身不构成建议。
ranking-tied = 并列
ranking-axis = 在多大比例的重复中最优
ranking-title = 最优的把握有多大？
ranking-about = 期末 { $replicates } 次重复中各布局为最优的比例。“并列”：这些布局在每次重复中都相等且最优，无从取舍；仅在部分重复中并列时，由并列的布局平分。威尔逊区间、期望遗憾以及对重复作自助抽样时均值最优的比例见数据。这是给定参数下、随机冲击意义上的最优概率，不含参数不确定性。

## report/figures/comparison/data.rs

baseline = 基准

## report/figures/comparison/effects.rs

effects-axis = 与基准之差，占基准均值的 %
effects-about = { $at } 与“{ $baseline }”在相同随机冲击下的配对差，{ $replicates } 次重复的均值及各自的 95 % 置信区间，占基准均值的百分比，基准均值本身也是估计值（菲勒区间）；基准均值不能明确区别于 0 时不给百分比。区间只反映随机冲击，不含参数与模型的不确定性。
effects-tests = 本次比较共有 { $families } 族、{ $tests } 个检验（一个结果、组别与月份连同其各布局为一族）；p 只在族内校正，因此个别区间会偶然不含 0。{ $primary }
effects-primary = { $outcome } 为事先指定的结果；其余均为探索。
effects-no-primary = 没有事先指定的结果：全部均为探索。
effects-title = 对全国的影响
groups-title = 对谁：各组的平均存量
firm-groups-title = 对谁的企业：各组的企业采用
provinces-title = 对谁：各省的平均存量

## report/figures/comparison/map.rs

comparison-map-none = 本次比较未保存各地数据，因此没有地图。`pointplane compare` 加 `--every 12` 即可保存。
comparison-map-title = 地图上的布局
comparison-map-about = 点为地区，半径随权重的平方根变化；菱形为该布局已设立的片区。为 { $replicates } 次相同随机冲击重复的均值，尺度为中位数。{ $ground }差异为与“{ $baseline }”的均值之差；各自的 95 % 区间含 0 的地方画为空心圈。静态图的颜色按差异的平方根变化，以便看清小的差异，图例标明各颜色对应的差异。静态图与数据为最后一个月（{ $end }）；未保存月份的存量按直线内插。
comparison-map-ring = 95 % 区间含 0
stock = 存量

## report/figures/comparison/mod.rs

comparison-no-table = 本目录中没有数据表 `{ $table }`，无法绘制此图。运行页末的命令即可生成。

## report/figures/comparison/paths.rs

responses-title = 何时：差异的时间路径
responses-about = 各月与“{ $baseline }”的平均配对差，{ $replicates } 次重复。线与色带：95 % 同时置信带，对带内所有月份同时成立；带内为至少四分之一且至少十次重复有差异的月份。圆点：其余月份，有差异的重复太少，无法给出置信带；重复少于 20 次时全部为圆点。仅反映随机冲击。两种布局在首个不同的日期之前没有差异。比例之差的色带只画 −1 至 1 之内的部分。
levels-title = 各布局的水平
levels-about = 线：{ $replicates } 次重复的均值；色带：单次重复中间的 95 %；基准为灰色。色带重叠并不表示布局无差别：重复是配对的，请看上面的差异图。

## report/figures/curves.rs

curves-title = 响应曲线
difference-curves-title = 布局带来的变化随各参数的变动
difference-curves-about = 与基准的配对差：在 0 线以上，布局使结果升高，在其下则降低。
two-parameters-title = 两个参数或低或高之处
two-parameters-about = 影响最大的两个参数各分组内各点的均值：横向为 { $first }，纵向为 { $second }；各组点数大致相同，或为单一取值。蓝色：大于 0，橙色：小于 0。空白：没有点。是组内其他参数变动之下的平均。
curves-about = 各参数分组内各点结果的均值（取值较少时每个取值一组）；色带：该均值在各点间的 95 % t 置信区间，包含其他参数在设计中独立变动的影响。一组不足十个点时，以及在网格、列表或轨迹设计中（其点不是样本），没有区间：直接画出各点（每组至多 40 个）。曲线是所扫描范围上的平均。

## report/figures/run/batches.rs

batches-axis = 项
batches-simulated = 模拟
batches-observed = 实际
batches-cumulative = 全国复制推广，累计
batches-each = 各批次
batches-history = 实际数是一次历史：请与色带而非均值相比。落在色带内并不意味着模型得到验证。
batches-title = 全国分批复制推广

## report/figures/run/credit.rs

credit-others = 其他
credit-axis = 当年采纳数
credit-title = 采纳归因于何种机制（逐年）
credit-about = { $replicates } 次重复中各日历年贡献额的均值；首末年可能不足一年。{ $account }
credit-alliance = 联盟
credit-other = 其他机制
credit-shares-axis = 占全部采纳的比例
credit-shares-title = 各机制的贡献份额（全程）
credit-shares-about = 条：{ $replicates } 次重复中占全部采纳份额的均值；线：该均值的 95 % t 置信区间，只画 0 至 100 % 之内的部分。{ $account }

## report/figures/run/firms.rs

firms-title = 企业采用了什么
firms-about = 企业采用其所在地区拥有创新的领域。
firms-by-industry = 按产业
firms-by-size = 按规模
firms-by-area = 按区域
firms-by-domain = 按领域
firms-which-title = 哪些企业采用
firms-which-about = { $at }（所保存月份中全部企业的比例最接近一半者）已采用某领域的企业比例，对各领域取均值；每家企业计为一。{ $replicates } 次重复的均值及其 95 % t 置信区间，截于 0 与 100 %（仅反映随机冲击）。各组企业的所在地与契合度不同：这是描述，不是产业或规模的效应。
firms-which-axis = 占企业的比例

## report/figures/run/growth.rs

formation-point = 点：首个片区设立
formation-half = 半数地方采纳至少一项
formation-line = 线：首条
formation-circle = 圈：首个
formation-axis = 轴：{ $corridor }
formation-first-axis = 轴：任一走廊上的首条
formation-plane = 面
formation-title = 五个尺度何时形成
formation-about = 圆点：在形成该结构的重复中月份的中位数；横条：{ $replicates } 次重复中最早至最晚。括号内：并非全部重复都形成时的次数。结构可能消失后再形成，这里是首次。日期取决于模型与参数，不是预测。
growth-inequality-title = 区域内与区域间的不平等
growth-inequality-sum = 泰尔指数等于区域内与区域间两部分之和。

## report/figures/run/mod.rs

growth-title = 全国如何铺开
growth-about = 本次运行的 S 形曲线。
structures-title = 点、线、圈、轴的数量
structures-about = 每月末存续的结构数量。
run-no-table = 本目录中没有数据表 `{ $table }`，无法绘制此图。运行页末的命令即可再次生成（若其 `--tables` 未略去此表）。
run-no-scenario = 找不到当时运行的情景，或其文件已被改动，因此不知道各地的名称和位置。请用 `--scenario 路径` 指明。
run-luck = 线：{ $replicates } 次重复的均值。色带：单次重复中间的 95 %（仅反映随机冲击，不含参数与模型的不确定性）。

## report/figures/run/places.rs

places-id = 代码
places-name = 名称
places-province = 省份
places-stock = 期末存量
places-point = 点
places-line = 线
places-circle = 圈
places-axis = 轴
places-plane = 面
places-given = 给出的贡献
places-taken = 获得的贡献

## report/figures/run/space.rs

spillovers-gateways = （境外口岸）
spillovers-axis = 归因的采纳数：行为来源，列为采纳方
spillovers-title = 省际溢出
spillovers-about = 列所在省的采纳中归因于行所在省的数量，全程合计，{ $replicates } 次重复的均值。行按给出、列按获得的多少排序。颜色按平方根变化，以便看清小的流量。省内流量未画出，见数据。{ $provinces }这是归因核算，不是因果效应。
map-weight = 权重 { $weight }
map-zone = 已设立的片区
map-ground = 陆地只由各地的坐标画出：各省所含地方的外廓加一圈岸边，并非行政边界。标名的是相距较远的十个大地方。联盟自其开始之月起画出：代表的外廓、每个代表处的圆圈、任意两个成员最大代表之间的连线。
scale-map-title = 各地区达到的最高尺度
scale-map-about = 点为地区，半径随权重的平方根变化；菱形为当月已设立的片区。颜色为 { $replicates } 次重复中最高尺度的中位数。{ $ground }图示为给定参数下的模型结果，并非实际采纳情况。
scale-none = 无
scale-point = 点
scale-line = 线
scale-circle = 圈
scale-axis = 轴
scale-plane = 面
moran-high-high = 高—高
moran-low-low = 低—低
moran-high-low = 高—低
moran-low-high = 低—高
moran-disagree = 各次重复不一致
moran-agreement = 一致比例
moran-title = 局部莫兰指数：相似的地区是否集聚？
moran-about = 期末各地区存量与均值相比，及对其有影响的各地（空间滞后；W 为各层均值）与均值相比。{ $replicates } 次重复中至少 95 % 一致时才标出类别。这是随机冲击意义上的一致，不是置换检验，不表示数据中的显著性。

## report/figures/sweep.rs

sweep-no-indices-title = 哪些参数重要
sweep-change = “{ $layout }”带来的变化
sweep-changes = 变化
figure-first-of = 图中只画 { $all } 幅中的前 { $drawn } 幅；数据中全部列出。
sweep-not-estimable = 此处没有变动，或由现有运行无法估计：页首的答案已说明。
sweep-no-table = 本目录中没有数据表 `{ $table }`，无法绘制此图：`pointplane sweep merge 目录` 可再次生成。
tornado-axis = { $unit }
tornado-centre = 中点：{ $value }（{ $unit }）
tornado-title = 龙卷风图：低值与高值
tornado-about = 参数处于低值（最低十分之一或某水平）与高值的各点结果均值，其余参数依设计变动。竖线为中点：所有参数两端的均值。摆幅的区间见数据。未受影响的结果不画。
tornado-low = 低值
tornado-high = 高值
morris-mu = μ*：基本效应绝对值的均值
morris-sigma = σ：其标准差
morris-title = 莫里斯筛选
morris-about = 越靠右，参数越重要；越靠上，效应越依赖其他参数或越非线性。这是筛选，只用于排序，不是方差份额。μ* 的区间见数据。

## report/figures/run/growth.rs, firms.rs: titles of curves

credit-account = 每次采纳计 1，按当时风险率各项的比例分摊。这是归因核算，不是因果效应：没有某一机制时，部分采纳仍会经由其他途径较晚发生。要看效应，请比较布局。
spillovers-capitals = 省份以省会（或直辖市）之名标示，括号内为情景中的代码。
inequality-since = 不平等指数自 { $month } 起绘制：不早于半数地方已有采纳（最迟自模拟期中点起），且四年以上的模拟不早于两年之后。各地几乎没有采纳时，指数很大而无甚含义。此前的数值见数据。
inequality-since-years = 不平等指数自两年后的 { $month } 起绘制：各地几乎没有采纳时，指数很大而无甚含义。此前各月见数据。

## report/figures/comparison/effects.rs: groups

groups-by-membership = 按布局变动的成员
groups-by-area = 按区域
groups-by-tier = 按层级
groups-by-industry = 按产业
groups-by-size = 按规模

## report/figures/sweep.rs: indices

sobol-title = 索博尔指数
sobol-axis = 占结果方差的比例
sobol-first = 一阶
sobol-total = 总效应
sobol-about = 一阶：结果方差中由该参数单独解释的比例；总效应：含其全部交互作用。横条：95 % 置信区间。比例只对所扫描的取值范围成立。
regression-title = 对参数的回归
regression-axis = 系数
regression-src = 标准化回归系数
regression-prcc = 偏秩相关系数
regression-about = 符号表示影响的方向。横条：95 % 置信区间。两种指标都无法反映非单调的影响。

## report/figures/names.rs: mechanisms of credit, groups

province-by-capital = { $name }（{ $id }）
firms-from = { $least } 人起
group-members = 成员（直接）
group-others = 非成员（间接）
group-linkage = 联动区
group-radiation = 辐射区
group-hinterland = 腹地

## report/figures/names.rs: 参数

name-strength-factor = 联盟强度
name-min-segments = 成轴所需路段
name-circle-threshold = 成圈所需比例
name-provincial-quality = 省级复制的质量门槛
name-radius-km = 圈的半径
name-replication-age = 复制前所需时间
name-transit-strength = 过境联系强度
name-abandonment-rate = 放弃率
name-axis-bonus = 轴上加成
name-backwash = 虹吸强度
name-beta = 传染强度
name-circle-bonus = 圈内加成
name-express = 轴上快捷联系
name-forgetting = 流量遗忘率
name-intrinsic-rate = 自发采纳率
name-line-bonus = 线上加成
name-line-threshold = 成线所需流量
name-national-rate = 全国推广后的采纳率
name-provincial-rate = 省级推广后的采纳率
name-response = 对暴露的响应
name-national-adopters = 全国推广所需采纳地数
name-national-quality = 全国推广的质量门槛
name-plane-threshold = 成面所需比例
name-arrival-rate = 创新产生率
name-failure-rate = 失败率
name-implementation-rate = 实施率
name-quality-base = 无领导力时的质量
name-quality-gain = 领导力带来的质量增益
name-tolerance = 容错程度
unit-per-month = 每月
unit-share = 比例
unit-factor = 倍数
unit-weight = 权重
unit-quality = 质量
unit-months = 月
unit-adoptions = 采纳数
unit-places = 地方数
unit-segments = 路段数
unit-exposure = 暴露

## report/figures: what is left out, what is beside

effects-more = 越大越好 →
effects-less = ← 越小越好
effects-better = （越靠右越好 →）
effects-left-out = 未画出没有布局加以改变者：{ $list }。
effects-as-above = 与“{ $baseline }”的配对差，{ $replicates } 次重复的均值及其 95 % 置信区间，占基准均值的百分比。“{ $above }”一图的说明在此同样适用。
levels-apart = 各布局会相互遮盖，因此各画一幅，基准为灰色。
growth-never = 未画出始终为 0 的指标：{ $list }。
growth-sudden = 未画出一年之内从无到全的指标：{ $list }。

## report/findings

finding-effects = { $what }：{ $list }
finding-ends = 从{ $first } 到{ $last }，其间另有 { $between } 种布局
quoted = “{ $layout }”
finding-effect = “{ $layout }”的 { $size } %
finding-effect-unsure = “{ $layout }”的 { $size } %（不能确定）
finding-members = “{ $layout }”使成员的{ $what }变化 { $members } %，其他地区变化 { $others } %
finding-provinces = “{ $layout }”对{ $first }的影响最大（{ $most } %），对{ $last }最小（{ $least } %）
finding-half-change = “{ $layout }”：到 { $half }，{ $what }的变化已达 { $last } 的一半
finding-level = “{ $layout }”的 { $size }
finding-levels = { $last } 的{ $what }：{ $list }
finding-no-best = 没有哪种布局在各方面都更好
finding-front = 在某方面更好、没有被其他布局全面超过：{ $list }
finding-best = { $what }为“{ $layout }”（{ $share } %）
finding-bests = 最常为最优：{ $list }
finding-map = 变化最大的地区：{ $place }，“{ $layout }”使其变化 { $size }
finding-scales = { $all } 个地区在 { $month } 的最高尺度：{ $list }
finding-first = 首次形成：{ $list }
finding-growth = { $what }到 { $month } 升至 { $stock }；{ $half } 达到其一半
finding-structures = { $month } 共有 { $points } 个片区、{ $lines } 条线、{ $circles } 个圈、{ $axes } 条轴
finding-batches = 到 { $month } 共复制推广 { $total } 项创新
finding-batches-seen = { $seen } 个实际批次中有 { $inside } 个落在模型的色带内；到 { $month } 共复制推广 { $total } 项
finding-credit = { $year } 年归因最多的机制：{ $mechanism }，占采纳的 { $share } %
finding-shares = 全部采纳中 { $share } % 归因于{ $mechanism }，{ $alliances } % 归因于联盟
finding-flow = 省际流量最大的是从{ $from }到{ $to }：{ $size } 次采纳
finding-theil-falls = { $what }到 { $month } 降至 { $theil }
finding-theil-turns = { $what }在 { $since } 最低（{ $low }），到 { $month } 升至 { $theil }
finding-clusters = { $all } 个地区中有 { $high } 个处于高存量集聚，{ $low } 个处于低存量集聚
finding-change-of = “{ $layout }”在{ $outcome }上带来的变化
finding-tornado = { $parameter }对{ $what }的影响最大：取低值时 { $low }，取高值时 { $high }
finding-sobol = { $parameter }对{ $what }最重要：连同交互作用占方差的 { $share } %
finding-most = { $parameter }对{ $what }最重要
